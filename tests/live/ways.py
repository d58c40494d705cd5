"""The ways in which a plan is carried out: step by step from the JSON report, by the shell script, by the playbook.

Each has mend() (inspect, repair, persist, verify), again() (repair and persist, once more) and undo(); what fails is raised.
A person's hand (`by_hand` of the fault) does what the plan leaves to one.
"""
from plan import PHASES, Failed, ahdiag, carry_out, steps_of

FILE = "/root/plan"
LEFT_TO_A_PERSON = 3  # exit status of the script
SECONDS = 180


class Steps:
    """Each command by its argv, each file as it stands, with no shell between."""

    def __init__(self, fault, box, incident, request):
        self.fault, self.box, self.incident, self.request = fault, box, incident, request
        self.done_by_hand = False
        self.by_hand = set()  # the files that the hand touched: their undo is the hand's

    def carry_out(self, *phases):
        for phase in phases:
            carry_out(self.incident, phase, self.box, (lambda step: self.by_person()) if self.fault.by_hand else None)

    def mend(self):
        self.carry_out(*PHASES)

    def again(self):
        self.carry_out("repair", "persist")

    def undo(self):
        self.carry_out("undo")

    def by_person(self):
        """Does by hand what the plan leaves to a person, once."""
        if self.done_by_hand:
            return
        before = self.box.etc()
        done = self.box.shell(self.fault.by_hand)
        if done.status != 0:
            raise Failed(f"by hand: {done.words()}")
        self.by_hand = {word for line in before ^ self.box.etc() for word in line.split() if word.startswith("./")}
        self.done_by_hand = True

    def manual_phases(self):
        return [phase for phase in PHASES[1:] if any(step["kind"] == "manual" for step in steps_of(self.incident, phase))]


class Script(Steps):
    """sh plan.sh, on the first finding."""

    def __init__(self, *given):
        super().__init__(*given)
        self.box.write(FILE, ahdiag("sh", *self.request), "0600", "root", "root")

    def mend(self):
        self.sh("show")
        self.sh("inspect")
        if self.manual_phases():
            self.sh("all", status=LEFT_TO_A_PERSON)
            self.by_person()
        self.sh("all")

    def again(self):
        self.sh("repair")
        self.sh("persist")

    def undo(self):
        self.sh("undo")

    def sh(self, word, status=0):
        done = self.box.run(["/bin/sh", FILE, *(["-y"] if self.done_by_hand else []), word, "1"], SECONDS)
        if done.status != status:
            raise Failed(f"plan.sh {word}: {done.words()}, not {status}: {done.out.strip()[-600:]}")


class Playbook(Steps):
    """ansible-playbook, against the container itself, on the first finding."""

    def __init__(self, *given):
        super().__init__(*given)
        self.box.write(FILE, ahdiag("ansible", *self.request), "0600", "root", "root")

    def mend(self):
        self.ansible("--check", "--diff", "--tags", "finding_1")
        if self.manual_phases():
            self.by_person()
        self.ansible("--tags", "finding_1")

    def again(self):
        self.ansible("--tags", "repair_1,persist_1")

    def undo(self):
        self.ansible("--tags", "undo_1")

    def ansible(self, *options):
        done_by_hand = ["-e", "by_hand_done=true"] if self.done_by_hand else []
        done = self.box.run(["ansible-playbook", "-i", "localhost,", "-c", "local", *options, *done_by_hand, FILE], SECONDS)
        if done.status != 0:
            raise Failed(f"ansible-playbook {' '.join(options)}: {done.words()}: {done.out.strip()[-900:]}")


WAYS = {"argv": Steps, "sh": Script, "ansible": Playbook}
