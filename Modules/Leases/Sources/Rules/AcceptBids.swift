// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Ledger
import Vocabulary

extension LeasesDesk {
    /// Gives seats to the bidders that the tenant names (LEASES-5).
    func acceptBids(_ message: AcceptBids, from sender: AccountID) throws(Refusal) {
        var record = try live(message.lease, ofTenant: sender)
        guard record.wantsBids else { throw wrongPhase(record) }
        let bids = try named(message.providers, in: record)
        let vacant = Int(record.standbysWanted) - record.standbys.count
        guard bids.count <= vacant + (record.primary == nil ? 1 : 0) else {
            throw LeasesRefusal.unknownBid.refusal("the terms want fewer providers")
        }
        if case .open(let until) = record.phase {
            guard now <= until else {
                throw LeasesRefusal.tooLate.refusal("bids could be accepted until \(until)")
            }
            grant(&record, to: bids)
        } else {
            seatStandbys(bids, of: &record)
        }
        book.save(record)
    }

    private func named(
        _ providers: [AccountID], in record: LeaseRecord
    ) throws(Refusal) -> [LeaseBid] {
        var bids: [LeaseBid] = []
        for provider in providers {
            guard let bid = record.bids.first(where: { $0.provider == provider }),
                now <= bid.heldUntil, !bids.contains(bid)
            else {
                throw LeasesRefusal.unknownBid.refusal("\(provider) holds no bid here, or twice")
            }
            bids.append(bid)
        }
        guard !bids.isEmpty else {
            throw LeasesRefusal.unknownBid.refusal("nobody is named")
        }
        return bids
    }

    /// Seats the first as the one who runs it and the others as standbys; other bids are released.
    func grant(_ record: inout LeaseRecord, to bids: [LeaseBid]) {
        guard let first = bids.first else { return }
        let until = now.advanced(by: parameters.startMilliseconds)
        record.token = record.token.advanced(by: 1)
        record.primary = LeaseSeat(first, at: now)
        record.rate = min(
            book.terms(of: record).quote(first.prices), book.terms(of: record).ceiling)
        record.phase = .reserved(until: until)
        record.bids.removeAll { $0.provider == first.provider }
        emit(
            .leaseGranted, about: record.lease,
            LeaseNote(first.provider) {
                $0.other = record.tenant
                $0.number = record.token.value
                $0.time = until
            })
        seatStandbys(Array(bids.dropFirst()), of: &record)
        releaseBids(&record) { _ in true }
    }

    /// Seats bidders as standbys; what they hold stays held.
    func seatStandbys(_ bids: [LeaseBid], of record: inout LeaseRecord) {
        for bid in bids {
            record.standbys.append(LeaseSeat(bid, at: now))
            record.bids.removeAll { $0.provider == bid.provider }
            emit(
                .standbySeated, about: record.lease,
                LeaseNote(bid.provider) {
                    $0.other = record.tenant
                    $0.amount = bid.standbyRate
                })
        }
    }

    /// Ends bids and frees what they held.
    func releaseBids(_ record: inout LeaseRecord, where isOver: (LeaseBid) -> Bool) {
        for bid in record.bids where isOver(bid) {
            book.free(bid.provider, from: record)
            emit(.bidReleased, about: record.lease, LeaseNote(bid.provider))
        }
        record.bids.removeAll(where: isOver)
    }

    /// Accepts the best of the bids that held to the end of an order's time (LEASES-5): the
    /// lowest by what is expected runs it, the next by their standby rates stand by. Bidders who
    /// stopped being active are passed over.
    func decide(_ record: inout LeaseRecord, _ terms: LeaseTerms, at end: Timestamp) {
        let bids = record.bids.filter { bid in
            bid.heldUntil >= end
                && providers.backing(of: bid.provider, in: context)?.isActive ?? false
        }
        let ranked = sorted(bids, of: record) { terms.quote($0.prices) }
        guard let first = ranked.first else { return }
        let others = sorted(Array(ranked.dropFirst()), of: record, by: \.standbyRate)
        grant(&record, to: [first] + others.prefix(Int(record.standbysWanted)))
    }

    private func sorted(
        _ bids: [LeaseBid], of record: LeaseRecord, by price: (LeaseBid) -> Amount
    ) -> [LeaseBid] {
        bids.map { (bid: $0, price: price($0), lot: Self.lot(of: $0.provider, in: record.lease)) }
            .sorted { ($0.price, $0.lot) < ($1.price, $1.lot) }
            .map(\.bid)
    }

    /// What ranks equal prices: H(lease ‖ provider).
    static func lot(of provider: AccountID, in lease: LeaseID) -> Digest {
        SHA256.hash(Array("atoll/leases/lot/1".utf8) + [0] + lease.raw.bytes + provider.raw.bytes)
    }
}
