"""A fault of the lab: how one thing is broken, and what is expected of the plan.

`what` says it in words; `broken` are lines for the lab's own shell inside the container; then the machine is rebooted or the service restarted.
`by_hand` is what a person would do at a manual step; without it a manual step is a failure.
"""
from dataclasses import dataclass, field


ALL_WAYS = ("argv", "sh", "ansible")


@dataclass(frozen=True)
class Fault:
    name: str
    layout: str
    what: str                                   # in words
    broken: str
    expected: dict                              # of the first incident, by dotted name
    options: tuple = ()                         # further options for ahdiag
    then: str = "restart"                       # or "reboot", or "request": the server runs, requests fail
    whole_journal: bool = False                 # a process that lives for a moment is not always booked on its unit
    request: tuple = ("http://127.0.0.1/",)     # curl's arguments
    ways: tuple = ("argv",)                     # how the plan is carried out (ways.py)
    by_hand: str = ""
    answers: tuple = (200,)                     # what a request gets once the cause is mended
    mark: str = ""                              # a file made before the reboot
    after_reboot: dict = field(default_factory=dict)  # path -> "owner:group mode"
    again: tuple = ()                           # what a second run may change, as the plan says (a pair made anew)
    left: tuple = ()                            # what undo leaves, as the plan says (modules that a2enmod enabled beside)
