"""What a service is told: its own settings, whole, in files of its own."""

from pathlib import Path

import pytest

from deploy.embedded.folder import DataFolder
from deploy.embedded.plan import SERVICES, Plan, Ports, settings_class
from shared.settings import SECRETS_DIR, load


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return Plan(folder=DataFolder(tmp_path), ports=Ports(referral=9101, nats=9122))


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_with_what_the_stack_writes(
    plan: Plan, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = plan.write_settings(service)
    monkeypatch.setenv(SECRETS_DIR, environment[SECRETS_DIR])

    settings = load(settings_class(service))

    assert settings.oidc_issuer == "http://127.0.0.1:8104"
    assert f"{service}_app:" in settings.database_url.get_secret_value()
    assert settings.nats_url.get_secret_value().endswith("@127.0.0.1:9122")


def test_a_service_whose_settings_ask_for_it_is_told_of_mailbox_and_casework(plan: Plan) -> None:
    values = plan._values("notify")

    assert values["smtp_url"] == "smtp://127.0.0.1:8106"
    assert values["casework_url"] == "http://127.0.0.1:8102"


def test_settings_are_the_owners_alone(plan: Plan) -> None:
    plan.write_settings("referral")

    folder = plan.settings_folder("referral")

    assert folder.stat().st_mode & 0o077 == 0
    assert {each.stat().st_mode & 0o077 for each in folder.iterdir()} == {0}


def test_no_secret_is_in_the_environment(plan: Plan) -> None:
    environment = plan.write_settings("casework")

    assert not set(plan.role_passwords().values()) & set(environment.values())
    assert not any(plan.secret("database_casework_app") in each for each in environment.values())


def test_what_is_exported_around_the_stack_does_not_overrule_it(
    plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFERRAL_PORT", "1")
    monkeypatch.setenv("REFERRAL_LOG_LEVEL", "debug")

    environment = plan.write_settings("referral")

    assert "REFERRAL_PORT" not in environment
    assert environment["REFERRAL_LOG_LEVEL"] == "debug"


def test_secrets_are_made_once_and_then_stay(plan: Plan) -> None:
    assert plan.role_passwords() == plan.role_passwords()
    assert plan.client_secrets() == plan.client_secrets()
    assert len(set(plan.role_passwords().values())) == len(plan.role_passwords())


def test_a_setting_that_is_no_longer_known_is_cleared_away(plan: Plan) -> None:
    plan.write_settings("notify")
    stale = plan.settings_folder("notify") / "notify_pigeon_url"
    stale.write_text("coo://")

    plan.write_settings("notify")

    assert not stale.exists()
