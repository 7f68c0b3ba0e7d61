'use strict';

const vm = require('node:vm');
const { TestEnvironment } = require('jest-environment-node');

/**
 * Jest's environment for Node, on a context without interceptors. In the context that Jest makes by itself, every `Math`,
 * `Object` or `Uint8Array` that a module names is looked up through C++ and a proxy, a quarter of a microsecond each: a
 * loop over such names takes thirty times as long, reading a document of the database six times. Everything else is
 * Jest's: each file still has globals of its own.
 *
 * Jest has no option for it, so that node:vm is given another way to make a context while Jest makes one. CommonJS, for
 * Stryker loads it by `require`. Before Node 20.18 the constant is undefined, and the context Jest's usual one.
 */
module.exports = class PlainContextEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { createContext } = vm;
    vm.createContext = (sandbox) => createContext(vm.constants?.DONT_CONTEXTIFY ?? sandbox);
    try {
      super(config, context);
    } finally {
      vm.createContext = createContext;
    }
  }
};
