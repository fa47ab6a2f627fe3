"""Who may release and read the tables that agencies are told."""

from shared.policy.actor import Purpose

FEEDBACK = Purpose.FEEDBACK
DELIVERY = Purpose.SERVICE_DELIVERY

KINDS = {
    "publish_feedback_release": "FeedbackRelease",
    "list_feedback_releases": "FeedbackReleases",
    "read_feedback_release": "FeedbackRelease",
}
PROGRAMMES = ("coordinator-juniper", "evaluator-ginkgo")
OTHERS = (
    "manager-fern",
    "peer-willow",
    "medic-linden",
    "dispatcher-larch",
    "partner-poplar",
    "advisor-tamarack",
    "privacy-yarrow",
    "administrator-acacia",
    "operator-spruce",
)
ALLOWED = [
    *((who, action, FEEDBACK, "casework") for who in PROGRAMMES for action in KINDS),
    ("notify", "read_feedback_release", DELIVERY, "casework"),
]
DENIED = [
    *((who, action, FEEDBACK, "casework") for who in OTHERS for action in KINDS),
    ("notify", "publish_feedback_release", DELIVERY, "casework"),
    ("notify", "list_feedback_releases", DELIVERY, "casework"),
    ("casework", "read_feedback_release", DELIVERY, "casework"),
]
