"""Serves Xandikos with Basic authentication over plain HTTP, which its own command allows over TLS only.

    xandikos_with_users.py FOLDER PORT USERS

USERS is a file in the form of Apache's htpasswd. Xandikos has no rights of its own: whoever signs in
sees the one tree, whose principal is /room/.
"""
import logging
import sys

from aiohttp import web
from xandikos.htpasswd import HtpasswdFile
from xandikos.web import (
    WELLKNOWN_DAV_PATHS,
    RedirectDavHandler,
    SingleUserFilesystemBackend,
    XandikosApp,
    basic_auth_middleware,
)

PRINCIPAL = "/room/"

logging.basicConfig(level=logging.WARNING)
folder, port, users = sys.argv[1], int(sys.argv[2]), HtpasswdFile(sys.argv[3])
backend = SingleUserFilesystemBackend(folder)
backend._mark_as_principal(PRINCIPAL)
backend.create_principal(PRINCIPAL, create_defaults=True)
main = XandikosApp(backend, current_user_principal=PRINCIPAL)


async def handle(request):
    return await main.aiohttp_handler(request, "/")


app = web.Application(middlewares=[basic_auth_middleware(users)], client_max_size=1 << 30)
for path in WELLKNOWN_DAV_PATHS:
    app.router.add_route("*", path, RedirectDavHandler("/").__call__)
app.router.add_route("*", "/{path_info:.*}", handle)
web.run_app(app, host="127.0.0.1", port=port, print=None)
