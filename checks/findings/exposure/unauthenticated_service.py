"""E505 unauthenticated-service."""

from __future__ import annotations

from checks.findings import settings, speech
from checks.findings.base import Finding, Match, Subject
from checks.findings.exposure.access import is_open, who_can
from checks.findings.service.context import context_of


class UnauthenticatedService(Finding):
    """The service gives its data to any client, without asking for a password.

    What it means
    -------------
    The check read something that is worth protecting, without a password: the contents of a
    database, the messages of a broker, the control of containers. On loopback every program and
    user of the machine can do the same. On macOS and Windows that includes containers of Docker
    Desktop and Podman machine. On a network address, everyone who can connect can do it.

    How it is detected
    ------------------
    The check sent a harmless question of the service's own protocol that needs a login if logins
    are on: INFO of Redis, the names of MongoDB's databases, the version of the Docker API and the
    like. The evidence shows question and answer. No password is ever tried.

    It is a notice if only this machine can connect, and an error if others can. The question was
    sent from this machine. A rule of the service that accepts local clients only, such as the
    protected mode of Redis, may still reject others. A debugger is reported as
    debug-interface-open.

    Why it happens
    --------------
    - Many databases and brokers start without a password, because they were made for trusted
      networks.
    - A container image switches the password off, and its port is published on all addresses.

    What to do
    ----------
    Set a password, and make the service listen on 127.0.0.1 unless others need it. The fix names
    the setting of the product. Some examples:

    - Redis: `requirepass` in redis.conf
    - MongoDB: `security.authorization: enabled` in mongod.conf, after you have created a user
    - Elasticsearch: `xpack.security.enabled: true` in elasticsearch.yml
    - Docker: remove the tcp:// address from `hosts` in daemon.json

    Publish a container's port for this machine only: `docker run -p 127.0.0.1:6379:6379`. To see
    on which addresses the service listens:

    - Linux: `ss -ltnp`
    - macOS: `sudo lsof -nP -iTCP -sTCP:LISTEN`
    - Windows: `Get-NetTCPConnection -State Listen`

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
    title = "No password required"
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
            f"{speech.who(found.identity)} on {found.here} answers without a password."
            f" {who_can(found)}"
        )
        exposed = is_open(found)
        movable = exposed and not found.published
        fixes = settings.fix("PASSWORD", found.identity, movable=movable)
        severity = "error" if exposed else None
        return Match(text, found.fixes(fixes), found.evidence(), severity)
