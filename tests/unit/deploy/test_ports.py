"""Ports: what is said of one that cannot be had."""

import socket

import pytest

from deploy.embedded.errors import EmbeddedError
from deploy.embedded.plan import Ports
from deploy.embedded.ports import Port, check_free
from tests.servers import free_port


def test_free_ports_pass() -> None:
    check_free([Port(free_port(), "NATS")])


def test_a_taken_port_is_named_with_its_purpose_and_its_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        number = taken.getsockname()[1]

        with pytest.raises(EmbeddedError) as refused:
            check_free([Port(number, "NATS", "--nats-port or HANDOFF_NATS_PORT")])

    assert str(refused.value) == (
        f"Port {number} on 127.0.0.1, which NATS needs, is taken;"
        " choose another with --nats-port or HANDOFF_NATS_PORT."
    )


def test_a_port_asked_for_twice_is_named_once_with_both() -> None:
    number = free_port()

    with pytest.raises(EmbeddedError, match=f"Port {number} is asked for by both NATS and a copy"):
        check_free([Port(number, "NATS"), Port(number, "a copy of it")])


def test_every_port_has_its_setting_and_the_servers_alone_need_three() -> None:
    everything = {each.settings for each in Ports().named(only_servers=False)}
    servers = {each.settings for each in Ports().named(only_servers=True)}

    assert "--referral-port or REFERRAL_PORT" in everything
    assert "--mailbox-smtp-port or MAILBOX_SMTP_PORT" in everything
    assert servers == {
        "--nats-port or HANDOFF_NATS_PORT",
        "--nats-monitor-port or HANDOFF_NATS_MONITOR_PORT",
        "--postgres-port or HANDOFF_POSTGRES_PORT",
    }
