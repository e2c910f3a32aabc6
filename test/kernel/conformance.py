"""The Jupyter project's own conformance suite (jupyter_kernel_test) against the kernel, every sample filled in.

Prints one line of JSON for each test: {"test": ..., "outcome": "ok" | "failed" | "skipped", "detail": ...}.
"""

import json
import sys
import unittest

import jupyter_kernel_test
from jupyter_kernel_test import IopubWelcomeTests, KernelTests

KERNEL = "lecture-lab"


class Conformance(KernelTests):
    kernel_name = KERNEL
    language_name = "typescript"
    file_extension = ".ts"
    code_hello_world = 'console.log("hello, world");'
    code_stderr = 'console.error("oops");'
    completion_samples = [
        {"text": "[1].redu", "matches": {"reduce", "reduceRight"}},
        {"text": "Math.cosh", "matches": {"cosh", "acosh"}},
        {"text": "noSuchNameAnywhere", "matches": set()},
    ]
    complete_code_samples = [
        "1",
        'console.log("hello, world")',
        "function f(x: number): number {\n  return x * 2;\n}",
        "await Promise.resolve(1)",
    ]
    incomplete_code_samples = ["function f(x: number) {", "console.log(", "const s = `several", "/* a remark"]
    invalid_code_samples = ["import = 7q", "const = 3", ")", "const s = 'open"]
    code_generate_error = 'throw new Error("on purpose");'
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 2, 3].map((x) => x ** 2)", "result": "[ 1, 4, 9 ]"},
        {"code": '"a".repeat(3)', "result": "'aaa'"},
    ]
    code_display_data = [
        {"code": "await display({ 'text/html': '<b>bold</b>' });", "mime": "text/html"},
        {"code": "await display({ 'image/png': new Uint8Array([137, 80]) });", "mime": "image/png"},
        {"code": "await display({ 'application/vnd.vegalite.v5+json': {} });", "mime": "application/vnd.vegalite.v5+json"},
    ]
    code_history_pattern = "1?2*"
    code_inspect_sample = "Math.cosh"
    code_clear_output = "clearOutput();"
    supported_history_operations = ("tail", "range", "search")

    def test_pager(self):
        self.skipTest("does not apply: the kernel has no pager, help comes by inspection")

    def test_history(self):
        # the suite's pattern must match one of code_execute_result; "1 + 2 + 3" does
        type(self).code_history_pattern = "1 ?*"
        super().test_history()


class Welcome(IopubWelcomeTests):
    kernel_name = KERNEL
    support_iopub_welcome = True


class Report(unittest.TestResult):
    def tell(self, test, outcome, detail=""):
        name = test.id().split(".")[-1]
        print(json.dumps({"test": name, "outcome": outcome, "detail": str(detail)}), flush=True)

    def addSuccess(self, test):
        self.tell(test, "ok")

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.tell(test, "failed", self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self.tell(test, "failed", self.errors[-1][1])

    def addSkip(self, test, reason):
        self.tell(test, "skipped", reason)

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.tell(test, "failed", (self.failures or self.errors)[-1][1])


if __name__ == "__main__":
    loader = unittest.TestLoader()
    tests = [loader.loadTestsFromTestCase(case) for case in (Conformance, Welcome)]
    result = Report()
    print(json.dumps({"suite": jupyter_kernel_test.__version__}), flush=True)
    unittest.TestSuite(tests).run(result)
    sys.exit(0 if result.wasSuccessful() else 1)
