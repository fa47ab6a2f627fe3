"""Who plays, and what they say. Every person, agency and programme is made up."""

from datetime import timedelta

OFFICER, SECOND_OFFICER, SUPERVISOR = "officer-hemlock", "officer-sorrel", "supervisor-cypress"
PEER, MANAGER = "peer-willow", "manager-fern"
COORDINATOR, ADMINISTRATOR = "coordinator-juniper", "administrator-acacia"
PRIVACY_OFFICER = "privacy-yarrow"
AGENCY = "hemlock-police"

BIRCH = {"name": "Test Participant Birch", "date_of_birth": "1990-01-31", "phone": "555-0142"}
BURCH = {"name": "Test Participant Burch", "date_of_birth": "1990-01-31"}
GOAL = "A place of my own before winter"
POSSESSION = {
    "pathway": "officer_intervention",
    "need": "substance_use",
    "meeting_place": "Test Square, north side",
    "willing": True,
    "offences": ["possession"],
    "stated": {"other_crime": False},
}
LADDER = [
    {"role_code": "peer", "wait_minutes": 5},
    {"role_code": "case_manager", "wait_minutes": 5},
    {"role_code": "coordinator", "wait_minutes": 10},
]
ON_DUTY = ((PEER, "peer"), (MANAGER, "case_manager"), (COORDINATOR, "coordinator"))
WITH_MAIL = (PEER, MANAGER, OFFICER, SECOND_OFFICER, SUPERVISOR)
SHIFTS_LAST = timedelta(days=400)
