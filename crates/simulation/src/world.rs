//! One history: a database, two processes of the program, a calendar server, a mail server, people, and
//! what happens to all of them, in an order that the seed decides.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use ical::Moment;
use operations::{Caller, Clock, Mode};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sea_orm::ConnectionTrait as _;
use testing::fake::{BadToken, Quirks};
use testing::scripted::Scripted;
use tokio::runtime::Runtime;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::bugs::Bug;
use crate::built_in::{BuiltInRoom, Deed};
use crate::event::{DAY, shown};
use crate::gate::{Act, Gate, Kind, ROOMS, Signal, told};
use crate::mail::MailServer;
use crate::people::People;
use crate::replica::{self, Order, Replica};
use crate::set_up::{BEGIN, Handling, memory_folder, set_up, text};

/// Links that people follow after a delivery, at most.
const MAX_LINKS: usize = 4;
/// How long the end may take until nothing changes any more, in rounds.
const MAX_ROUNDS: usize = 30;
/// Of these, those in which people still follow links.
const MAX_LINK_ROUNDS: usize = 2;

/// Leases run on the database's clock: a machine that is busy must not let them run out. In a history
/// they do so when it says. And the pauses of mail have no jitter, so that a history repeats.
const CALM_TIMES: [&str; 3] = [
    "CREATE TRIGGER lasting_new AFTER INSERT ON leases \
     BEGIN UPDATE leases SET expires_at = NEW.expires_at + 1000000 WHERE name = NEW.name; END",
    "CREATE TRIGGER lasting_old AFTER UPDATE ON leases \
     BEGIN UPDATE leases SET expires_at = NEW.expires_at + 1000000 WHERE name = NEW.name; END",
    "CREATE TRIGGER no_jitter AFTER UPDATE OF due_at ON outbox WHEN NEW.due_at > NEW.tried_at \
     BEGIN UPDATE outbox SET due_at = NEW.tried_at + 60 * (1 << MIN(NEW.attempts - 1, 6)) \
       WHERE id = NEW.id; END",
];

/// How an operation ended.
enum Ended {
    Done(Result<String, String>),
    Crashed,
}

/// Everything that there is.
pub(crate) struct World {
    pub gate: Arc<Gate>,
    pub mail: MailServer,
    clock: Clock,
    pub(crate) random: StdRng,
    /// Which links people follow: a source of its own, so that histories without mail are what they were.
    pub(crate) of_links: StdRng,
    /// Who divides series: likewise, for histories without.
    pub(crate) of_divisions: StdRng,
    pub(crate) divided: u32,
    /// The numbers of the links that have done what they are for.
    pub(crate) links_used: BTreeSet<i64>,
    pub(crate) built_in: BuiltInRoom,
    /// Who asks over the API.
    pub(crate) caller: Caller,
    pub(crate) booked: u32,
    people: People,
    bug: Option<Bug>,
    /// What becomes of conflicts in the first room.
    pub(crate) handling: Handling,
    processes: [Option<Replica>; 2],
    /// Whether a process has died whose leases have not run out.
    has_dead: bool,
    signals: UnboundedReceiver<Signal>,
    url: String,
    control: sea_orm::DatabaseConnection,
    /// What the control connection lives on.
    pub control_runtime: Runtime,
    _folder: tempfile::TempDir,
    _front: Scripted,
    /// What the servers live on.
    _servers: Runtime,
}

impl World {
    /// A world before anything has happened.
    pub fn new(seed: u64, bug: Option<Bug>) -> Result<World, String> {
        let mut random = StdRng::seed_from_u64(seed);
        let quirks = match random.random_range(0..4) {
            0 => Quirks::NEXTCLOUD,
            1 => Quirks::RADICALE,
            _ if bug == Some(Bug::IfMatchIgnored) => Quirks::NEXTCLOUD,
            2 => Quirks { bad_token: BadToken::Everything, ..Quirks::RFC },
            _ => Quirks::RFC,
        };
        let clock = Clock::manual(Moment(BEGIN));
        let (sender, signals) = tokio::sync::mpsc::unbounded_channel();
        let mail = MailServer::new(seed, bug, sender.clone(), clock.clone());
        let servers = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(text)?;
        let (gate, front) = servers.block_on(Gate::start(seed, quirks, bug, &clock, sender));
        let folder = memory_folder()?;
        let url = format!("sqlite://{}/room-booking.sqlite", folder.path().display());
        let process = Replica::start(&url, &clock, &mail)?;
        let address = front.url();
        let handling = Handling::of(seed, bug);
        let ready = set_up(&process.service, &gate, &address, handling);
        let caller = process.runtime.block_on(ready)?;
        let control_runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(text)?;
        let control = control_runtime.block_on(testing::connect(&url));
        let people = People::new(StdRng::seed_from_u64(seed ^ 0x9e0e));
        let world = World {
            gate,
            mail,
            clock,
            random,
            of_links: StdRng::seed_from_u64(seed ^ 0x114c5),
            of_divisions: StdRng::seed_from_u64(seed ^ 0xd1f1de),
            divided: 0,
            links_used: BTreeSet::new(),
            built_in: BuiltInRoom::default(),
            caller,
            booked: 0,
            people,
            bug,
            handling,
            processes: [Some(process), None],
            has_dead: false,
            signals,
            url,
            control,
            control_runtime,
            _folder: folder,
            _front: front,
            _servers: servers,
        };
        for trigger in CALM_TIMES {
            world.sql(trigger)?;
        }
        if let Some(bug) = bug {
            world.sql(bug.damage())?;
        }
        world.gate.forget();
        Ok(world)
    }

    /// Runs a statement past the program.
    fn sql(&self, sql: &str) -> Result<(), String> {
        if sql.is_empty() {
            return Ok(());
        }
        let done = self.control_runtime.block_on(self.control.execute_unprepared(sql));
        done.map(|_| ()).map_err(text)
    }

    /// Where the database is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The connection past the program.
    pub fn control(&self) -> &sea_orm::DatabaseConnection {
        &self.control
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now().0
    }

    pub(crate) fn advance(&self, seconds: i64) {
        // What the server carries out late happens at its moment, not at the end of the pause.
        let mut left = seconds;
        while left > 0 {
            let step = left.min(60);
            self.clock.advance(Duration::from_secs(step.unsigned_abs()));
            self.gate.carry_out_late();
            left -= step;
        }
    }

    /// What dead processes held is free again.
    fn expire_leases(&self) -> Result<(), String> {
        self.sql("DELETE FROM leases")?;
        self.sql("UPDATE outbox SET held_until = 0 WHERE held_until IS NOT NULL")
    }

    /// The whole history.
    pub fn run(&mut self, seed: u64) -> Result<(), String> {
        let steps = self.random.random_range(24..48);
        let storm = [0, 20, 40, 80][self.random.random_range(0..4)];
        self.gate.note(format!("seed {seed}: {steps} steps, storm {storm}"));
        for room in 0..ROOMS.len() {
            for _ in 0..self.random.random_range(0..6) {
                self.people.act(&self.gate, room, self.now());
            }
        }
        self.gate.storm(storm);
        let mut backups = [self.gate.backup(0), self.gate.backup(1)];
        for _ in 0..steps {
            let pause = [30, 120, 600, 1_200, 3_600, 7_200][self.random.random_range(0..6)];
            self.advance(pause);
            self.step(&mut backups)?;
        }
        self.calm()
    }

    fn step(&mut self, backups: &mut [testing::fake::Calendar; 2]) -> Result<(), String> {
        let room = self.random.random_range(0..ROOMS.len());
        let which = self.random.random_range(0..2);
        match self.random.random_range(0..100) {
            0..42 => {
                for _ in 0..self.random.random_range(1..4) {
                    self.people.act(&self.gate, room, self.now());
                }
            }
            42..65 => self.clear(which, room, Mode::Real)?,
            65..69 => self.in_the_built_in_room(which)?,
            69..73 => self.clear(which, room, Mode::Test)?,
            73..84 => {
                self.deliver(which)?;
                for _ in 0..MAX_LINKS {
                    self.follow_a_link(which)?;
                }
            }
            84..88 => {
                if !self.divide_a_series(which, room)? {
                    self.ask(which, room)?;
                }
            }
            88..90 => {
                self.recover(which)?;
            }
            90..93 => {
                self.gate.note(format!("a backup of room {room} is made"));
                backups[room] = self.gate.backup(room);
            }
            93..95 => {
                self.gate.note(format!("the backup of room {room} is restored"));
                self.gate.restore_backup(room, backups[room].clone());
            }
            95..97 => {
                self.gate.note(format!("process {which} is killed"));
                (self.processes[which], self.has_dead) = (None, true);
            }
            _ => self.lose_change(room),
        }
        Ok(())
    }

    /// Somebody changes an object, the server's list of changes does not say so, and somebody else books the
    /// hours that it had: the program does not know that they are free.
    fn lose_change(&mut self, room: usize) {
        let before = self.gate.texts(room);
        let Some(uid) = self.people.take_over(&self.gate, room, self.now()) else { return };
        let name = self.gate.name_of(room, &uid);
        let now = self.gate.texts(room).remove(&name);
        if now.is_some() && now.as_ref() != before.get(&name) {
            self.gate.note(format!("the server loses that {} has changed", told(&name)));
            self.gate.lose_change(room, &uid);
        }
    }

    pub(crate) fn count(&self, sql: &str) -> Result<usize, String> {
        let statement =
            sea_orm::Statement::from_string(self.control.get_database_backend(), sql.to_owned());
        let row = self.control_runtime.block_on(self.control.query_one_raw(statement));
        let row = row.map_err(text)?.ok_or("no row")?;
        let count: i64 = row.try_get_by_index(0).map_err(text)?;
        usize::try_from(count).map_err(text)
    }

    /// The process of that number, started if it is not there.
    pub fn process(&mut self, which: usize) -> Result<Replica, String> {
        if let Some(process) = self.processes[which].take() {
            return Ok(process);
        }
        if let Some(bug) = self.bug {
            self.sql(bug.at_start())?;
        }
        self.gate.note(format!("process {which} starts"));
        Replica::start(&self.url, &self.clock, &self.mail)
    }

    /// Lets a process do something, until it has done it or dies of it; what it says.
    pub(crate) fn operate(
        &mut self,
        which: usize,
        what: &str,
        kind: Kind,
        order: Order,
    ) -> Result<Option<Result<String, String>>, String> {
        if std::mem::take(&mut self.has_dead) {
            self.expire_leases()?;
        }
        let process = self.process(which)?;
        self.gate.note(format!("process {which} {what}"));
        let act = Act { began: self.now(), kind };
        self.gate.set_act(act);
        let mut work = order(process.service.clone());
        let ended = loop {
            let signals = &mut self.signals;
            let next = process.runtime.block_on(async {
                tokio::select! {
                    biased;
                    done = &mut work => Ok(done),
                    signal = signals.recv() => Err(signal),
                }
            });
            match next {
                Ok(done) => break Ended::Done(done),
                Err(Some(Signal::Held { target, go })) => {
                    self.meanwhile(which, target)?;
                    self.gate.set_act(act);
                    let _ = go.send(());
                }
                Err(Some(Signal::Crash) | None) => break Ended::Crashed,
            }
        };
        for line in self.mail.take_log() {
            self.gate.note(format!("  {line}"));
        }
        {
            let _inside = process.runtime.enter();
            drop(work);
        }
        match ended {
            Ended::Done(done) => {
                self.gate.end_act(done.is_ok());
                self.processes[which] = Some(process);
                let words = match &done {
                    // UIDs that the program makes do not repeat.
                    Ok(_) if kind == Kind::BuiltIn => "done".to_owned(),
                    Ok(words) => words.clone(),
                    Err(error) => format!("failed: {error}"),
                };
                self.gate.note(format!("process {which}: {words}"));
                Ok(Some(done))
            }
            Ended::Crashed => {
                self.gate.end_act(false);
                drop(process);
                self.has_dead = true;
                self.gate.note(format!("process {which} dies"));
                Ok(None)
            }
        }
    }

    /// What happens while a request of a process waits at the server.
    fn meanwhile(&mut self, which: usize, target: Option<(usize, String)>) -> Result<(), String> {
        if let Some((room, uid)) = target
            && self.random.random_range(0..2) == 0
        {
            // The version that the write rests on is not the current one any more.
            self.people.act_on(&self.gate, room, &uid, self.now());
            return Ok(());
        }
        let room = self.random.random_range(0..ROOMS.len());
        match self.random.random_range(0..10) {
            0..5 => self.people.act(&self.gate, room, self.now()),
            5 | 6 => {
                let pause = [5, 20, 90][self.random.random_range(0..3)];
                self.advance(pause);
            }
            7 => {
                // Frozen for so long that another process goes on with its work.
                self.gate.end_act(false);
                self.gate.note(format!("process {which} is frozen"));
                self.advance(30);
                self.expire_leases()?;
                let storm = self.gate.storm_now();
                self.gate.storm(0);
                self.clear(1 - which, room, Mode::Real)?;
                self.gate.storm(storm);
            }
            8 => {
                self.gate.end_act(false);
                let storm = self.gate.storm_now();
                self.gate.storm(0);
                self.clear(1 - which, room, Mode::Test)?;
                self.gate.storm(storm);
            }
            _ => self.people.act(&self.gate, room, self.now()),
        }
        Ok(())
    }

    /// Lets everything come to its end: nothing goes wrong any more.
    fn calm(&mut self) -> Result<(), String> {
        self.gate.note("from here on all is calm");
        self.gate.storm(0);
        self.mail.calm();
        // What is late is late by so much at most, and a change in doubt is watched for longer.
        self.advance(1_200);
        self.expire_leases()?;
        let mut last = None;
        for round in 0..MAX_ROUNDS {
            let which = round % 2;
            self.recover(which)?;
            for room in 0..ROOMS.len() {
                self.clear(which, room, Mode::Real)?;
            }
            if round == 0 {
                self.built_in_deed(which, &Deed::Clear)?;
            }
            self.operate(which, "delivers", Kind::Other, replica::deliver())?;
            if round < MAX_LINK_ROUNDS {
                self.follow_a_link(which)?;
            }
            let open = self.count("SELECT COUNT(*) FROM changes WHERE state = 'prepared'")?
                + self.count("SELECT COUNT(*) FROM outbox WHERE state = 'waiting'")?
                + self.count(
                    "SELECT COUNT(*) FROM pending_removals \
                     JOIN outbox ON outbox.id = pending_removals.message_id \
                     WHERE ended_at IS NULL AND decision IS NULL AND state IN ('waiting', 'sent')",
                )?;
            let state = (self.gate.effects().len(), self.count("SELECT COUNT(*) FROM changes")?);
            // Two nights, so that each mirror was compared with its server once more.
            if open == 0 && last == Some(state) && self.is_night() && round >= 3 {
                return Ok(());
            }
            last = Some(state);
            let to_night = (self.now() / DAY + 1) * DAY + 3 * 3_600 - self.now();
            self.advance(if round < 1 { 1_800 } else { to_night });
        }
        self.gate.accuse(format!("it never comes to rest, at {}", shown(self.now())));
        Ok(())
    }

    fn is_night(&self) -> bool {
        (1..6 * 3_600).contains(&(self.now() % DAY))
    }
}
