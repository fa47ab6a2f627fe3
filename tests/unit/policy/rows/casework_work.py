"""Who may do what in the work with a person."""

from shared.policy.actor import Purpose

CARE = Purpose.CARE_COORDINATION

KINDS = {
    "list_episodes": "Episodes",
    "read_episode": "Episode",
    "enrol_episode": "Episode",
    "manage_episode": "Episode",
    "log_contact": "Episode",
    "read_contacts": "Episode",
    "set_goal": "Episode",
    "end_goal": "Goal",
    "read_goals": "Episode",
    "settle_need": "Need",
    "read_needs": "Episode",
    "list_followups": "Followups",
    "complete_followup": "Followup",
    "confirm_safe_contact": "Intake",
    "read_safe_contact": "Intake",
}
ALLOWED = [
    *(("peer-willow", action, CARE, "casework") for action in KINDS if action != "manage_episode"),
    ("manager-fern", "manage_episode", CARE, "casework"),
    ("coordinator-juniper", "manage_episode", CARE, "casework"),
]
DENIED = [
    ("peer-willow", "manage_episode", CARE, "casework"),
    *(("medic-linden", action, CARE, "casework") for action in KINDS),
    *(("partner-poplar", action, CARE, "casework") for action in KINDS),
    *(("evaluator-ginkgo", action, CARE, "casework") for action in KINDS),
]
