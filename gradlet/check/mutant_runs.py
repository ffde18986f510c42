"""Hidden tests notice small changes of the reference."""

from gradlet.check.equivalent import read_equivalents
from gradlet.check.mutants import Mutant, diff, mutants
from gradlet.check.report import Count, Notice, Report
from gradlet.check.runner import Job, Outcome
from gradlet.check.subject import Subject
from gradlet.check.wrong_solutions import EQUIVALENT
from gradlet.complaint import Complaint


class MutantRuns:
    """One run of each mutant, stopped early: a mutant that loops has been noticed, too.

    `seconds` is how long the runs of the reference took, all together.
    """

    def __init__(self, subject: Subject, seconds: float) -> None:
        self._subject = subject
        self._mutants = mutants(subject.problem.reference_source)
        limit = max(2.0, 7 * seconds)  # as long as twenty runs of the reference
        jobs = [subject.job(mutant.code) for mutant in self._mutants]
        self.jobs = [Job(job.problem, job.code, limit) for job in jobs]

    def judge(self, outcomes: list[Outcome], report: Report) -> None:
        pairs = list(zip(self._mutants, outcomes, strict=True))
        survivors = [mutant for mutant, outcome in pairs if outcome.passed]
        marked = self._marked(survivors, report.errors)
        missed = [mutant for mutant in survivors if mutant not in marked]
        report.notices += map(self._notice, missed)
        total = len(self._mutants) - len(marked)
        report.mutants = Count(total - len(missed), total)

    def _marked(self, survivors: list[Mutant], errors: list[Complaint]) -> list[Mutant]:
        """The survivors that are marked as equivalent; marks of nothing become errors."""
        folder = self._subject.wrong_folder
        marked: list[Mutant] = []
        for entry in read_equivalents(self._subject.root, folder, errors):
            found = [mutant for mutant in survivors if entry.is_of(mutant)]
            marked += found
            if not found:
                made = any(entry.is_of(mutant) for mutant in self._mutants)
                problem = (
                    "the tests notice this change, so it is not equivalent"
                    if made
                    else f"no mutant of {self._subject.reference_file.as_posix()} has this change"
                )
                fix = "remove the entry, or copy both lines from the diff that check shows"
                errors.append(Complaint(folder / EQUIVALENT, entry.line, problem, fix))
        return marked

    def _notice(self, mutant: Mutant) -> Notice:
        file = self._subject.reference_file
        problem = "no test notices this change"
        fix = (
            "strengthen a hidden test; if the change makes no difference, write so in "
            f"{(self._subject.wrong_folder / EQUIVALENT).as_posix()}"
        )
        source = self._subject.problem.reference_source
        return Notice(file, mutant.line, problem, fix, diff(source, mutant, file))
