"""E505 unauthenticated-service."""

from __future__ import annotations

from checks.findings import settings, speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.exposure.access import is_open, who_can
from checks.findings.service.context import context_of


class UnauthenticatedService(Finding):
    """The service gives its data to whoever connects, without asking for a password.

    What it means
    -------------
    Something that is worth protecting was read without credentials: a database's contents, a
    broker's messages, the control of containers. On loopback every program and user of the
    machine can do the same. Beyond it, everyone who can connect.

    How it is detected
    ------------------
    The service was asked a harmless question of its own protocol that needs a login where logins
    are on: INFO of Redis, the names of MongoDB's databases, the version of the Docker API and
    the like. The evidence shows question and answer. No password is ever tried.

    It is a notice where only this machine can connect, and an error where the listener is open
    to others. The question was asked from here: a rule of the service's own that serves local
    clients only, such as the protected mode of Redis, may still turn others away. A debugger has
    a finding of its own, debug-interface-open.

    Why it happens
    --------------
    - Many databases and brokers start without a password, made for trusted networks.
    - A container image switches the password off, and its port is published on all addresses.

    What to do
    ----------
    Set a password, and listen on 127.0.0.1 unless others need the service. The fix names the
    setting of the product. To see on which addresses it listens:

    - Linux: `ss -ltnp`; publish containers with `docker run -p 127.0.0.1:6379:6379`
    - macOS: `lsof -nP -iTCP -sTCP:LISTEN`
    - Windows: `netstat -ano -p TCP`

    Guide
    -----
    security/binding/#databases

    Sources
    -------
    - Redis, security: https://redis.io/docs/latest/operate/oss_and_stack/management/security/
    - MongoDB manual, enable access control:
      https://www.mongodb.com/docs/manual/tutorial/enable-authentication/
    - Docker manual, protect the daemon socket:
      https://docs.docker.com/engine/security/protect-access/
    """

    code = "E505"
    slug = "unauthenticated-service"
    severity = "notice"
    title = "The service asks nobody for a password"
    needs_probe = True

    @classmethod
    def look(cls, subject: Subject) -> Match | None:
        """Apply where something was read without credentials, debuggers apart."""
        found = context_of(subject)
        if found is None or found.identity.authentication != "none":
            return None
        if "debug-interface" in found.identity.traits:
            return None
        text = (
            f"{speech.who(found.identity)} on {found.here} answers without asking for a password."
            f" {who_can(found)}"
        )
        exposed = is_open(found)
        movable = exposed and not found.published
        fixes = settings.fix("PASSWORD", found.identity, movable=movable)
        severity = "error" if exposed else None
        return Match(text, found.fixes(fixes), found.evidence(), severity)
