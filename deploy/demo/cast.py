"""Who plays, and what they say. Every person, agency and programme is made up."""

from datetime import date, timedelta

from deploy.client.referral.bodies import (
    LadderBody,
    Person,
    ReferralBody,
    RungBody,
    StatedFacts,
)

OFFICER, SECOND_OFFICER, SUPERVISOR = "officer-hemlock", "officer-sorrel", "supervisor-cypress"
PEER, MANAGER = "peer-willow", "manager-fern"
COORDINATOR, ADMINISTRATOR = "coordinator-juniper", "administrator-acacia"
PRIVACY_OFFICER = "privacy-yarrow"
OTHER_PEER = "peer-rowan"  # works with other people
AGENCY = "hemlock-police"

BIRCH = Person(name="Test Participant Birch", date_of_birth=date(1990, 1, 31), phone="555-0142")
BURCH = Person(name="Test Participant Burch", date_of_birth=date(1990, 1, 31))
GOAL = "A place of my own before winter"
POSSESSION = ReferralBody(
    pathway="officer_intervention",
    need="substance_use",
    meeting_place="Test Square, north side",
    willing=True,
    offences=["possession"],
    stated=StatedFacts(other_crime=False),
)
LADDER = LadderBody(
    rungs=[
        RungBody(role_code="peer", wait_minutes=5),
        RungBody(role_code="case_manager", wait_minutes=5),
        RungBody(role_code="coordinator", wait_minutes=10),
    ]
)
ON_DUTY = ((PEER, "peer"), (MANAGER, "case_manager"), (COORDINATOR, "coordinator"))
WITH_MAIL = (PEER, MANAGER, OFFICER, SECOND_OFFICER, SUPERVISOR)
SHIFTS_LAST = timedelta(days=400)
