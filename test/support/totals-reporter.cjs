// Mocha's spec reporter, which also leaves the numbers of passed, failed and skipped tests in a file, so that
// test/run.mjs can add them up over its suites.
const fs = require('node:fs');
const Mocha = require('mocha');

module.exports = class Totals extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      fs.writeFileSync(
        process.env.LECTURE_LAB_TOTALS,
        JSON.stringify({ passed: passes, failed: failures, skipped: pending }),
      );
    });
  }
};
