"""The configuration of a NATS server for Handoff: who may do what, and nothing unsynced.

Every acknowledged message is on disk (`sync_interval: always`). The store may vanish between two
starts: what it held is told again from the services' journals.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

MAX_PAYLOAD_BYTES = 256 * 1024  # events carry ids and codes; the largest is far below this
MAX_MEMORY_BYTES = 64 * 1024 * 1024
MAX_FILE_BYTES = 4 * 1024 * 1024 * 1024
NOTHING: dict[str, list[str]] = {"deny": [">"]}


@dataclass(frozen=True, slots=True)
class NatsUser:
    """Who may connect, and every subject they may publish or subscribe to; the rest is denied."""

    name: str
    password: str
    publish: tuple[str, ...]
    subscribe: tuple[str, ...]


def nats_config(users: Sequence[NatsUser], *, listen: str, monitor: str, store: str) -> str:
    """Return the text of the server's configuration file; JSON is a form of its language.

    *listen* and *monitor* are addresses such as 127.0.0.1:4222, *store* is JetStream's folder.
    """
    config = {
        "server_name": "handoff",
        "listen": listen,
        "http": monitor,
        "max_payload": MAX_PAYLOAD_BYTES,
        "jetstream": {
            "store_dir": store,  # the server adds `jetstream`
            "sync_interval": "always",
            "max_memory_store": MAX_MEMORY_BYTES,
            "max_file_store": MAX_FILE_BYTES,
        },
        "authorization": {
            "default_permissions": {"publish": NOTHING, "subscribe": NOTHING},
            "users": [_permitted(each) for each in users],
        },
    }
    return json.dumps(config, indent=2, ensure_ascii=False)


def _permitted(user: NatsUser) -> dict[str, object]:
    return {
        "user": user.name,
        "password": user.password,
        "permissions": {
            "publish": {"allow": list(user.publish)} if user.publish else NOTHING,
            "subscribe": {"allow": list(user.subscribe)} if user.subscribe else NOTHING,
        },
    }
