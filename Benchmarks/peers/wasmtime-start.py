# SPDX-License-Identifier: Apache-2.0
"""Prints the microseconds of one instance's life through wasmtime's Python interface.

Arguments: runs, calls per run. The program is the one of the figure wasm.start.
"""
import statistics
import sys
import time

from wasmtime import Engine, Instance, Module, Store

engine = Engine()
module = Module(engine, '(module (memory (export "memory") 1) (func (export "_start")))')


def call_once():
    store = Store(engine)
    Instance(store, module, []).exports(store)["_start"](store)


def run(calls):
    begin = time.thread_time()
    for _ in range(calls):
        call_once()
    return time.thread_time() - begin


runs, calls = int(sys.argv[1]), int(sys.argv[2])
run(calls)
print(statistics.median(run(calls) for _ in range(runs)) / calls * 1e6)
