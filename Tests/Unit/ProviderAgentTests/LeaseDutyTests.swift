// SPDX-License-Identifier: Apache-2.0
import Leases
import Testing
import Vocabulary

@testable import ProviderAgent

@Suite("Provider: what is to be done about a lease (HOST-8)")
struct LeaseDutyTests {
    let law = LeaseLaw(
        staggerMilliseconds: 5_000, claimDelayMilliseconds: 60_000, claimMillisecondsMax: 100_000)
    let now = Timestamp(1_000_000)

    /// A lease that this provider runs, renewed just now and settled just now.
    private var running: LeaseView {
        var view = LeaseView()
        view.seat = .primary
        view.stage = .active
        view.token = FencingToken(3)
        view.manifest = Digest(Bytes32([UInt8](repeating: 7, count: 32)) ?? .zero)
        view.takeoverMilliseconds = 30_000
        view.aliveUntil = now.advanced(by: 30_000)
        view.unpaidFrom = Timestamp(now.value - 1_000)
        view.billedUntil = now
        view.mayClaim = true
        view.facts.manifest = view.manifest
        view.facts.hasBegun = true
        view.facts.hasTraces = true
        return view
    }

    private func view(_ change: (inout LeaseView) -> Void) -> LeaseView {
        var view = running
        change(&view)
        return view
    }

    private func duties(_ change: (inout LeaseView) -> Void) -> [LeaseDuty] {
        view(change).duties(at: now, law)
    }

    @Test("a primary runs what it was given, and says so only when a third of its time has passed")
    func renewing() {
        #expect(duties { _ in } == [.run, .keepSnapshots])
        for left in [20_000, 10_000, 0] as [UInt64] {
            #expect(
                duties { $0.aliveUntil = now.advanced(by: left) }
                    == [.run, .keepSnapshots, .renew(FencingToken(3))])
        }
        #expect(duties { $0.aliveUntil = now.advanced(by: 20_001) } == [.run, .keepSnapshots])
    }

    @Test("it begins when the engine has begun, with what the ledger names")
    func beginning() {
        #expect(duties { $0.stage = .reserved } == [.run, .begin(FencingToken(3))])
        #expect(
            duties {
                $0.stage = .reserved
                $0.facts.hasBegun = false
            } == [.run])
        #expect(
            duties {
                $0.stage = .reserved
                $0.facts.manifest = .zero
            } == [])
    }

    @Test("of an update the old version runs on until the new one was given")
    func updating() {
        #expect(duties { $0.manifest = .zero } == [.run, .keepSnapshots])
        #expect(duties { $0.facts.manifest = nil } == [], "it is not there without a manifest")
    }

    @Test("what both signed is handed in before anything is claimed alone")
    func settling() {
        let late = Timestamp(now.value - 60_000)
        #expect(
            duties {
                $0.unpaidFrom = late
                $0.facts.unsettled = 2
            } == [.run, .keepSnapshots, .settle])
        #expect(
            duties { $0.unpaidFrom = late }
                == [.run, .keepSnapshots, .claim(FencingToken(3), until: now)])
        #expect(duties { $0.unpaidFrom = Timestamp(late.value + 1) } == [.run, .keepSnapshots])
        #expect(
            duties {
                $0.unpaidFrom = late
                $0.mayClaim = false
            } == [.run, .keepSnapshots])
    }

    @Test("a claim spans no more than it may, and no time that was not renewed")
    func claiming() {
        #expect(
            duties { $0.unpaidFrom = Timestamp(now.value - 500_000) }.last
                == .claim(FencingToken(3), until: Timestamp(now.value - 400_000)))
        #expect(
            duties {
                $0.unpaidFrom = Timestamp(now.value - 90_000)
                $0.billedUntil = Timestamp(now.value - 50_000)
            }.last == .claim(FencingToken(3), until: Timestamp(now.value - 50_000)))
        #expect(
            duties {
                $0.unpaidFrom = Timestamp(now.value - 90_000)
                $0.billedUntil = Timestamp(now.value - 90_000)
            } == [.run, .keepSnapshots], "nothing is owed")
    }

    @Test("without funds everything stands still and is kept; after the end it is settled at once")
    func suspended() {
        #expect(duties { $0.stage = .suspended } == [.halt])
        #expect(
            duties {
                $0.stage = .closing
                $0.facts.unsettled = 1
            } == [.halt, .settle])
        #expect(
            duties { $0.stage = .closing } == [.halt, .claim(FencingToken(3), until: now)],
            "no delay is left to wait for")
    }

    @Test("whoever was replaced, or whose lease has ended, removes everything, once")
    func fenced() {
        for stage in [.active, .reserved, .suspended, .closing] as [LeaseView.Stage] {
            #expect(
                duties {
                    $0.seat = .none
                    $0.stage = stage
                } == [.remove])
        }
        #expect(duties { $0.stage = .ended } == [.remove])
        #expect(
            duties {
                $0.stage = .ended
                $0.facts.hasTraces = false
            } == [])
    }

    @Test("a standby follows when the primary's time is over, each further one later")
    func following() {
        func standby(_ place: Int, silent milliseconds: UInt64) -> [LeaseDuty] {
            duties {
                $0.seat = .standby(place)
                $0.aliveUntil = Timestamp(now.value - milliseconds)
            }
        }
        #expect(standby(0, silent: 0) == [.keepSnapshots], "its last moment counts")
        #expect(standby(0, silent: 1) == [.keepSnapshots, .takeOver(FencingToken(3))])
        #expect(standby(1, silent: 5_000) == [.keepSnapshots])
        #expect(standby(1, silent: 5_001) == [.keepSnapshots, .takeOver(FencingToken(3))])
        #expect(
            duties {
                $0.seat = .standby(1)
                $0.isDeparting = true
            } == [.keepSnapshots, .takeOver(FencingToken(3))], "it goes, and says so")
    }

    @Test("a standby that was not given the manifest leaves the lease to the next in line")
    func unable() {
        #expect(
            duties {
                $0.seat = .standby(0)
                $0.aliveUntil = Timestamp(0)
                $0.facts.manifest = nil
            } == [.keepSnapshots])
    }

    @Test("of what it only bid on, and of what is not decided, there is nothing to do")
    func bidding() {
        #expect(duties { $0.seat = .bidder } == [])
        #expect(duties { $0.stage = .open } == [])
        for stage in [.reserved, .suspended, .closing] as [LeaseView.Stage] {
            #expect(
                duties {
                    $0.seat = .standby(0)
                    $0.stage = stage
                } == [])
        }
    }

    @Test("numbers at the end of time overflow nothing")
    func edges() {
        var far = law
        far.staggerMilliseconds = .max
        let view = view {
            $0.seat = .standby(2)
            $0.aliveUntil = Timestamp(.max)
        }
        #expect(view.duties(at: Timestamp(.max), far) == [.keepSnapshots])
    }
}
