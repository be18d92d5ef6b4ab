// SPDX-License-Identifier: Apache-2.0
import Cryptography
import Identities
import Identity
import JSONText
import Market
import NodeInterface
import ProviderAgent
import SimulatedEffects
import Testing
import Vocabulary

import struct Identity.Moment

/// PROVIDER-11 to PROVIDER-14: a machine does what its owner allows, where and when.
@Suite("What owners allow")
struct AuthorityTests {
    /// The corners of a square round 52.5° north, 13.4° east.
    private let square: JSON = [
        [524_000_000, 133_000_000], [524_000_000, 135_000_000], [526_000_000, 135_000_000],
        [526_000_000, 133_000_000],
    ]
    private let inside: JSON = ["latitudeE7": 525_000_000, "longitudeE7": 134_000_000]
    private let outside: JSON = ["latitudeE7": 525_000_000, "longitudeE7": 136_000_000]
    private let robot = "provider-1"

    private func owner() throws -> SigningKey {
        try #require(SigningKey(seed: [UInt8](repeating: 250, count: 32)))
    }

    private func ownerDID() throws -> DID { KeyMethod.did(of: .ed25519(try owner().publicKey)) }

    /// A cloud whose first provider has an owner, who allows what the subject says.
    private func cloud(
        seed: UInt64, providers: Int = 2, subject extra: JSON = [:], owner: DID? = nil
    ) throws -> SimulatedCloud {
        let cloud = try SimulatedCloud(seed: seed, providers: providers)
        cloud.authorities[robot] = MachineAuthority(
            credential: "authorization.json", owners: [try owner ?? ownerDID()],
            position: .file("position.json", secondsMax: 1_000))
        try cloud.startAll()
        try authorize(cloud, extra, by: owner)
        try move(cloud, to: inside)
        try cloud.waitForProviders()
        return cloud
    }

    private func authorize(
        _ cloud: SimulatedCloud, _ extra: JSON, by owner: DID? = nil
    ) throws {
        let issuer = try owner ?? ownerDID()
        let key = VerificationKey.ed25519(try self.owner().publicKey)
        let method = try #require(DIDURL("\(issuer)#\(key.multibase)"))
        let machine = AtollMethod.did(of: try cloud.member(robot).account)
        let subject: [JSON.Member] = [
            JSON.Member("id", .string(machine.description)),
            JSON.Member("allowedOperations", ["inspect", "wasm/1"]),
            JSON.Member("maximumContractValue", .string("\(Amount.unitsPerWhole)")),
            JSON.Member("geofence", square),
        ]
        let now = Moment(seconds: try cloud.seconds(at: robot))
        let json: JSON = [
            "@context": [.string(Credential.context)],
            "type": ["VerifiableCredential", "OwnerAuthorization"],
            "issuer": .string(issuer.description),
            "validUntil": .string(Moment(seconds: now.seconds + 100_000).description),
            "credentialSubject": .object(subject + (extra.members ?? [])),
        ]
        let signed = try DocumentSigner.sign(
            json,
            as: ProofOptions(method: method, purpose: .assertionMethod, created: now),
            by: self.owner())
        try cloud.write(signed.bytes, to: "authorization.json", at: robot)
    }

    private func move(_ cloud: SimulatedCloud, to place: JSON) throws {
        let time = Moment(seconds: try cloud.seconds(at: robot)).description
        let report = JSON.object((place.members ?? []) + [JSON.Member("time", .string(time))])
        try cloud.write(report.bytes, to: "position.json", at: robot)
    }

    private func refusals(_ cloud: SimulatedCloud, _ job: JobID) throws -> [AuthorityRefusal] {
        let agent = try #require(cloud.agents[robot])
        return try cloud.on(robot) { await agent.refusals(of: job) }
    }

    private func program(_ arguments: [String] = []) throws -> Program {
        var program = try Program.echo()
        program.arguments = arguments
        return program
    }

    @Test("what is allowed is done; what is too dear, elsewhere or of another kind is not bid on")
    func bidding() throws {
        let cloud = try cloud(seed: 1, providers: 1)
        let place = "--place=525000000,134000000"
        let good = try cloud.open(program(["--operation=inspect", place]), replicas: 1)
        let receipt = try #require(try cloud.finish([good]).first)
        #expect(receipt.ending == .settled)
        #expect(try refusals(cloud, good) == [])

        let dear = try cloud.open(program(), replicas: 1, maxCost: Amount(whole: 2))
        let far = try cloud.open(program(["--place=525000000,136000000"]), replicas: 1)
        let other = try cloud.open(program(["--operation=weld"]), replicas: 1)
        let unclear = try cloud.open(program(["--place=somewhere"]), replicas: 1)
        cloud.world.run(forMilliseconds: 8_000)
        #expect(try refusals(cloud, dear) == [.notAllowed(.valueTooHigh)])
        #expect(try refusals(cloud, far) == [.notAllowed(.outsideGeofence)])
        #expect(try refusals(cloud, other) == [.notAllowed(.operationNotAllowed)])
        #expect(try refusals(cloud, unclear) == [.unclearTask])
        for job in [dear, far, other, unclear] {
            guard case .live(let order)? = try cloud.job(job) else {
                Issue.record("an order that nobody may take stays open")
                continue
            }
            #expect(order.bids.isEmpty && order.leases.isEmpty)
        }
    }

    @Test("an owner is resolved on the ledger: without a log, or after a rotation, nothing holds")
    func ledgerOwner() throws {
        let key = try owner()
        let owner = AtollMethod.did(of: key.publicKey)
        let cloud = try cloud(seed: 5, providers: 1, owner: owner)
        func refused() throws -> [AuthorityRefusal] {
            let job = try cloud.open(program(["--operation=inspect"]), replicas: 1)
            cloud.world.run(forMilliseconds: 8_000)
            return try refusals(cloud, job)
        }
        let name = "\(owner)#\(VerificationKey.ed25519(key.publicKey).multibase)"
        #expect(try refused() == [.rejected(.unknownKey(name))])

        let chain = cloud.genesis.chain
        let begun = NewIdentity(of: key, recovery: .zero, chain: chain)
        try send(.create(CreateIdentities([begun])), cloud)
        let good = try cloud.open(program(["--operation=inspect"]), replicas: 1)
        #expect(try cloud.finish([good]).first?.ending == .settled)

        let next = try #require(SigningKey(seed: [UInt8](repeating: 251, count: 32)))
        let rotation = IdentityOperation(
            chain: chain, subject: AccountID(of: key.publicKey), sequence: 1,
            previous: begun.entry(on: chain).digest, action: .rotate(key: next.publicKey))
        try send(.submit(SubmitOperations([SignedOperation(rotation, by: key)])), cloud)
        #expect(try refused() == [.rejected(.unknownKey(name))])
    }

    private func send(_ message: IdentitiesMessage, _ cloud: SimulatedCloud) throws {
        #expect(try cloud.submit(cloud.sign([message.message])) == nil)
        cloud.world.run(forMilliseconds: 2_000)
    }

    @Test("a machine that leaves its area stops its work, and another finishes it")
    func leaving() throws {
        let cloud = try cloud(seed: 2)
        cloud.crash("provider-2")
        // Nobody has the input yet, so whoever has the lease waits for it.
        var program = try program()
        program.isInputKept = false
        let job = try cloud.open(program, replicas: 1, lifeMilliseconds: 120_000)
        let account = try cloud.member(robot).account
        try #require(try isLeased(job, to: account, cloud))
        try move(cloud, to: outside)
        cloud.world.run(forMilliseconds: 2_500)
        #expect(try refusals(cloud, job) == [.notAllowed(.outsideGeofence)])
        try cloud.restart("provider-2")
        try keepInput(of: program, cloud)
        let receipt = try #require(try cloud.finish([job]).first)
        #expect(receipt.ending == .settled)
        #expect(receipt.executions.map(\.provider) == [cloud.providers[1].account])
        #expect(try cloud.standing(account).count(of: .abandoned) == 1)
        try cloud.expectConservation()
    }

    private func keepInput(of program: Program, _ cloud: SimulatedCloud) throws {
        let blob = JobInput.Blob(
            digest: try cloud.keep(program.standardInput), size: UInt64(program.standardInput.count)
        )
        let input = try #require(JobInput(standardInput: blob, files: []))
        _ = try cloud.keep(input.canonicalBytes)
    }

    private func isLeased(
        _ job: JobID, to account: AccountID, _ cloud: SimulatedCloud
    ) throws -> Bool {
        try cloud.run(forAtMostMilliseconds: 30_000) {
            guard case .live(let order)? = try cloud.job(job, at: robot) else { return false }
            return order.leases.contains { $0.provider == account && $0.progress == .running }
        }
    }

    @Test("outside its hours, without a place, and after a revocation a machine bids on nothing")
    func standing() throws {
        let closed = try cloud(seed: 3, providers: 1)
        // Hours that begin in two hours and last for one.
        let minute = try closed.seconds(at: robot) / 60 % 1_440
        let hours: JSON = [
            "from": JSON((minute + 120) % 1_440), "to": JSON((minute + 180) % 1_440 + 1),
        ]
        try authorize(closed, ["hours": hours])
        let job = try closed.open(program(), replicas: 1)
        closed.world.run(forMilliseconds: 7_000)
        #expect(try refusals(closed, job) == [.notAllowed(.outsideHours)])
        // The owner changes its mind; then the receiver falls silent.
        try authorize(closed, [:])
        #expect(try closed.finish([job]).first?.ending == .settled)
        try closed.write(Array("no fix".utf8), to: "position.json", at: robot)
        let lost = try closed.open(program(), replicas: 1)
        closed.world.run(forMilliseconds: 7_000)
        #expect(try refusals(closed, lost) == [.notAllowed(.placeUnknown)])
        // A credential that anybody could have written allows nothing.
        try closed.write(Array("{}".utf8), to: "authorization.json", at: robot)
        closed.world.run(forMilliseconds: 7_000)
        #expect(
            try refusals(closed, lost)
                == [.rejected(.malformed(.malformed("@context")))])
    }

    @Test("a receiver's sentences are read, and damaged, invalid or other ones are not")
    func positions() throws {
        let fix = "$GPRMC,221320.00,A,5230.0000,N,01324.0000,E,0.0,0.0,141123,,*15"
        let sum = fix.utf8.dropFirst().prefix { $0 != UInt8(ascii: "*") }.reduce(0, ^)
        let good =
            String(fix.dropLast(2)) + String(sum >> 4, radix: 16, uppercase: true)
            + String(sum & 15, radix: 16, uppercase: true)
        let report = try #require(PositionReport(reading: Array((good + "\r\n").utf8)))
        #expect(report.place == Place(latitudeE7: 525_000_000, longitudeE7: 134_000_000))
        #expect(report.moment == Moment(seconds: 1_700_000_000))
        let log = "$GPGGA,x*00\r\n\(good)\r\n$GPRMC,2213"
        #expect(PositionReport(reading: Array(log.utf8)) == report, "the last whole one counts")
        for bad in [
            good.replacingByte("5230", "5231"), good.replacingByte(",A,", ",V,"), "", "$", "$*",
            String(good.dropLast(1)),
        ] {
            #expect(PositionReport(reading: Array(bad.utf8)) == nil, "\(bad)")
        }
        for index in good.utf8.indices {
            var bytes = Array(good.utf8)
            bytes[good.utf8.distance(from: good.startIndex, to: index)] ^= 1
            let read = PositionReport(reading: bytes)
            #expect(read == nil || read == report)
        }
    }
}

extension String {
    fileprivate func replacingByte(_ old: String, _ new: String) -> String {
        split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }
}
