// What a worker loads to find the tasks of the tests, which are TypeScript.
require('tsx/cjs');
module.exports = require('./tasks.ts');
