"""Every wrong solution fails just the tests that it names, and every test is needed."""

from gradlet.check.report import Count, Report
from gradlet.check.runner import Outcome
from gradlet.check.subject import Subject
from gradlet.check.wrong_solutions import WrongSolution, read_wrong_solutions
from gradlet.complaint import Complaint
from gradlet.imports import undeclared


class WrongRuns:
    """Two runs of each wrong solution, the second in reverse order and with other seeds."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._errors: list[Complaint] = []
        folder = subject.wrong_folder
        self._solutions = read_wrong_solutions(subject.root, folder, subject.tests, self._errors)
        if not self._solutions and not self._errors:
            problem = "the problem has no wrong solution that shows what its tests notice"
            fix = f"write one, with a mistake that learners make: {folder.as_posix()}/<mistake>.py"
            self._errors.append(Complaint(subject.tests_file, 1, problem, fix))
        self._all_read = not self._errors
        for wrong in self._solutions:
            name, packages = subject.problem.name, subject.problem.packages
            for line, *said in undeclared(subject.root, name, packages, wrong.imports):
                self._errors.append(Complaint(wrong.path, line, *said))
        codes = [solution.code for solution in self._solutions]
        self.jobs = [subject.job(code) for code in codes]
        self.jobs += [subject.job(code, subject.tests[::-1], seed=1) for code in codes]

    def judge(self, outcomes: list[Outcome], report: Report) -> None:
        count = len(self._solutions)
        good = sum(map(self._judge, self._solutions, outcomes[:count], outcomes[count:]))
        if self._all_read:
            noticing = {test for outcome in outcomes[:count] for test in outcome.not_passed}
            self._check_needed(noticing)
        report.errors += self._errors
        report.wrong_solutions = Count(good, count)

    def _judge(self, wrong: WrongSolution, first: Outcome, second: Outcome) -> bool:
        if first.trouble:
            problem = f"the wrong solution cannot be graded: {first.trouble}"
            fix = "write it so that every test ends and only the result is wrong"
            self._complain(wrong, problem, fix)
            return False
        if difference := _difference(set(wrong.fails), set(first.not_passed)):
            failing = [test for test in self._subject.tests if test in first.not_passed]
            fix = "correct the tests or this solution"
            if failing:
                fix += f"; if it is right as it is, write `Fails: {', '.join(failing)}`"
            self._complain(wrong, difference, fix)
            return False
        changed = set(first.not_passed) ^ set(second.not_passed)
        if second.trouble or changed:
            what = second.trouble or f"other verdicts come from {_names(changed)}"
            problem = f"in another order of the tests, or with other random seeds, {what}"
            fix = "let each test set up all it needs and seed its random numbers"
            self._complain(wrong, problem, fix)
            return False
        return self._check_messages(wrong, first)

    def _check_messages(self, wrong: WrongSolution, outcome: Outcome) -> bool:
        fine = True
        for test in outcome.not_passed:
            message = (outcome.results[test]["message"] or "").strip()
            if not message or "Traceback (most" in message:
                what = "a traceback" if message else "nothing"
                problem = f"{test!r} tells the learner {what} where it notices {wrong}"
                fix = "give the failure a sentence: assert value > 0, 'the value is negative'"
                line = self._subject.lines[test]
                self._errors.append(Complaint(self._subject.tests_file, line, problem, fix))
                fine = False
        return fine

    def _check_needed(self, noticing: set[str]) -> None:
        for test, line in self._subject.lines.items():
            if test not in noticing:
                problem = f"{test!r} has no teeth: no wrong solution fails it"
                fix = (
                    f"write a mistake that it notices into {self._subject.wrong_folder.as_posix()}/"
                    ", or remove the test"
                )
                self._errors.append(Complaint(self._subject.tests_file, line, problem, fix))

    def _complain(self, wrong: WrongSolution, problem: str, fix: str) -> None:
        self._errors.append(Complaint(wrong.path, wrong.line, problem, fix))


def _difference(named: set[str], failing: set[str]) -> str | None:
    parts = []
    if passed := named - failing:
        parts.append(f"{_names(passed)} should fail, but {_verb(passed, 'passes', 'pass')}")
    if failed := failing - named:
        parts.append(f"{_names(failed)} {_verb(failed, 'fails', 'fail')}, but is not named")
    return "; ".join(parts) or None


def _names(tests: set[str]) -> str:
    return ", ".join(sorted(tests))


def _verb(tests: set[str], one: str, several: str) -> str:
    return one if len(tests) == 1 else several
