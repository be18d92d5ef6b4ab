// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@testable import DeploymentHost

@Suite("Deployment host: usage")
struct UsageMeterTests {
    private func sample(_ milliseconds: UInt64, _ mebibytes: UInt64 = 0) -> UsageSample {
        UsageSample(
            processorNanoseconds: milliseconds * 1_000_000, memoryBytes: mebibytes << 20,
            receivedBytes: milliseconds, sentBytes: 2 * milliseconds)
    }

    @Test("what grew is counted once, however often one looks (HOST-7)")
    func growth() {
        var meter = UsageMeter()
        meter.take(["a": sample(5)], at: 1_000)
        meter.take(["a": sample(5)], at: 2_000)
        meter.take(["a": sample(9), "b": sample(3)], at: 3_000)
        #expect(meter.totals.processorMilliseconds == 12)
        #expect(meter.totals.receivedBytes == 12 && meter.totals.sentBytes == 24)
    }

    @Test("a counter that begins anew counts from nothing (HOST-7)")
    func again() {
        var meter = UsageMeter()
        meter.take(["a": sample(100)], at: 1_000)
        meter.take(["a": sample(4)], at: 2_000)
        meter.take([:], at: 3_000)
        meter.take(["c": sample(6)], at: 4_000)
        #expect(meter.totals.processorMilliseconds == 110)
    }

    @Test("memory counts for the time between two samples, in whole mebibyte seconds (HOST-7)")
    func memory() {
        var meter = UsageMeter()
        for step in 0...100 as ClosedRange<UInt64> {
            meter.take(["a": sample(0, 3)], at: step * 333)
        }
        #expect(meter.totals.memoryMebibyteSeconds == 99)
    }

    @Test(
        "a gap of more than a minute holds no memory, nor does a clock that goes back (HOST-7)"
    )
    func gaps() {
        var meter = UsageMeter()
        meter.take(["a": sample(0, 100)], at: 0)
        meter.take(["a": sample(7, 100)], at: 60_001)
        meter.take(["a": sample(8, 100)], at: 50_000)
        #expect(meter.totals.memoryMebibyteSeconds == 0)
        #expect(meter.totals.processorMilliseconds == 8)
    }

    @Test("small parts are not lost")
    func parts() {
        var meter = UsageMeter()
        for step in 1...1_000 as ClosedRange<UInt64> {
            meter.take(
                ["a": UsageSample(processorNanoseconds: step * 1_500, memoryBytes: 1)], at: step)
        }
        #expect(meter.totals.processorMilliseconds == 1)
    }

    @Test("an engine's figures are read, with and without networks")
    func reading() {
        let whole: JSON = [
            "cpu_stats": ["cpu_usage": ["total_usage": 42]], "memory_stats": ["usage": 7],
            "networks": [
                "eth0": ["rx_bytes": 1, "tx_bytes": 2], "eth1": ["rx_bytes": 10, "tx_bytes": 20],
            ],
        ]
        #expect(
            UsageSample(whole)
                == UsageSample(
                    processorNanoseconds: 42, memoryBytes: 7, receivedBytes: 11, sentBytes: 22))
        #expect(UsageSample([:]) == UsageSample(processorNanoseconds: 0, memoryBytes: 0))
    }
}
