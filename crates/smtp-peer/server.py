"""A mail server for tests, on aiosmtpd: what it is sent, it parses with Python's own parser and writes
as JSON files into a folder. The file `manners.json` in it sets the behaviour; it is read for each email:

    delay        seconds before an email is answered
    greylist     the first try of each Message-ID is answered 450
    cut          number of times that an email is kept and the connection is cut in place of an answer
    cut_percent  the same by chance, for each email
    reject       recipients that are answered 550
    later        recipients that are answered 451
    refuse       what the email itself is answered with, such as "552 too large"
    full         what MAIL FROM is answered with, such as "421 go away"

The port stands on standard output. The server ends when its standard input does.
"""
import argparse
import asyncio
import email
import email.policy
import itertools
import json
import os
import random
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--security", choices=["none", "tls", "starttls"], default="none")
parser.add_argument("--certificate")
parser.add_argument("--key")
parser.add_argument("--login", help="USER:PASSWORD; without it nobody need sign in")
parser.add_argument("--no-utf8", action="store_true", help="do not offer SMTPUTF8")
parser.add_argument("--port", type=int, default=0)
options = parser.parse_args()
numbers = itertools.count(1)


def manners():
    try:
        with open(os.path.join(options.folder, "manners.json"), encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def body(message, kind):
    part = message.get_body(preferencelist=(kind,))
    if part is None or part.get_content_subtype() != kind:
        return None
    return part.get_content().replace("\r\n", "\n")


def attachment(part):
    return {
        "name": part.get_filename(),
        "type": part.get_content_type(),
        "parameters": sorted(part["Content-Type"].params.items()),
        "disposition": part.get_content_disposition(),
        "content": part.get_payload(decode=True).decode(),
    }


def keep(server, session, envelope):
    raw = envelope.original_content
    message = email.message_from_bytes(raw, policy=email.policy.default)
    known = {
        "from": envelope.mail_from,
        "to": envelope.rcpt_tos,
        "options": envelope.mail_options,
        "tls": server.transport.get_extra_info("ssl_object") is not None,
        "user": session.auth_data.login.decode() if session.auth_data else None,
        "session": id(session),
        "headers": [[name, str(value)] for name, value in message.items()],
        "raw_headers": raw.split(b"\r\n\r\n", 1)[0].decode("latin-1").split("\r\n"),
        "defects": [repr(defect) for part in message.walk() for defect in part.defects],
        "header_defects": [repr(defect) for value in message.values() for defect in value.defects],
        "from_name": message["From"].addresses[0].display_name if message["From"] else None,
        "from_address": message["From"].addresses[0].addr_spec if message["From"] else None,
        "type": message.get_content_type(),
        "charsets": [part.get_content_charset() for part in message.walk() if not part.is_multipart()],
        "text": body(message, "plain"),
        "html": body(message, "html"),
        "attachments": [attachment(part) for part in message.iter_attachments()] if message.is_multipart() else [],
        "longest_line": max(len(line) for line in raw.split(b"\r\n")),
        "is_ascii": raw.isascii(),
    }
    name = f"{next(numbers):06}.json"
    path = os.path.join(options.folder, "." + name)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(known, file)
    os.rename(path, os.path.join(options.folder, name))


class Handler:
    seen = set()
    cuts = 0

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if answer := manners().get("full"):
            return answer
        envelope.mail_from = address
        envelope.mail_options.extend(mail_options)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        rules = manners()
        if address in rules.get("reject", []):
            return "550 5.1.1 no such mailbox here"
        if address in rules.get("later", []):
            return "451 4.3.0 mailbox is busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        rules = manners()
        if delay := rules.get("delay"):
            await asyncio.sleep(delay)
        if answer := rules.get("refuse"):
            return answer
        message_id = email.message_from_bytes(envelope.original_content)["Message-ID"]
        if rules.get("greylist") and message_id not in self.seen:
            self.seen.add(message_id)
            return "450 4.2.0 greylisted, try again"
        keep(server, session, envelope)
        if Handler.cuts < rules.get("cut", 0) or random.random() * 100 < rules.get("cut_percent", 0):
            Handler.cuts += 1
            server.transport.abort()
            return "250 nobody hears it"
        return "250 kept"


def authenticate(server, session, envelope, mechanism, data):
    user, password = options.login.split(":", 1)
    is_right = isinstance(data, LoginPassword) and data == LoginPassword(user.encode(), password.encode())
    return AuthResult(success=is_right, handled=False, auth_data=data)


async def main():
    context = None
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate, options.key)
    handler = Handler()

    def session():
        return SMTP(
            handler,
            enable_SMTPUTF8=not options.no_utf8,
            hostname="mail.test",
            timeout=60,
            tls_context=context if options.security == "starttls" else None,
            require_starttls=options.security == "starttls",
            authenticator=authenticate if options.login else None,
            auth_required=bool(options.login),
            auth_require_tls=options.security == "starttls",
        )

    server = await asyncio.get_running_loop().create_server(
        session, "127.0.0.1", options.port, ssl=context if options.security == "tls" else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
