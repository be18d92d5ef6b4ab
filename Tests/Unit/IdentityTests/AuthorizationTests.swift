// SPDX-License-Identifier: Apache-2.0
import JSONText
import Testing

@testable import Identity

/// IDENTITY-18 and IDENTITY-19: what an authorization allows.
@Suite("Authorizations")
struct AuthorizationTests {
    private func place(_ latitude: Int64, _ longitude: Int64) throws -> Place {
        try #require(Place(latitudeE7: latitude, longitudeE7: longitude))
    }

    private func fence(_ corners: [(Int64, Int64)]) throws -> Geofence {
        try #require(Geofence(corners: corners.map { try place($0.0, $0.1) }))
    }

    @Test("an area holds what lies within and on its line, and a notch is outside")
    func geofence() throws {
        // The letter C, open to the east.
        let area = try fence([
            (0, 0), (0, 30), (10, 30), (10, 10), (20, 10), (20, 30), (30, 30), (30, 0),
        ])
        for inside in [(1, 1), (15, 5), (25, 29), (5, 29), (29, 1)] {
            #expect(area.contains(try place(Int64(inside.0), Int64(inside.1))), "\(inside)")
        }
        for edge in [(0, 0), (0, 15), (10, 20), (15, 10), (30, 30), (20, 30)] {
            #expect(area.contains(try place(Int64(edge.0), Int64(edge.1))), "\(edge)")
        }
        for outside in [(15, 11), (15, 20), (15, 30), (-1, 5), (31, 5), (5, 31), (5, -1)] {
            #expect(!area.contains(try place(Int64(outside.0), Int64(outside.1))), "\(outside)")
        }
    }

    @Test("the whole globe holds every place: no product overflows")
    func globe() throws {
        let (north, east): (Int64, Int64) = (900_000_000, 1_800_000_000)
        let area = try fence([(-north, -east), (-north, east), (north, east), (north, -east)])
        var dice = Dice(seed: 13)
        for _ in 0..<200 {
            let latitude = Int64(dice.below(1_800_000_001)) - north
            let longitude = Int64(dice.below(3_600_000_001)) - east
            #expect(area.contains(try place(latitude, longitude)))
        }
        #expect(Place(latitudeE7: north + 1, longitudeE7: 0) == nil)
        #expect(Geofence(corners: []) == nil)
    }

    @Test("turning or beginning the corners elsewhere changes no verdict")
    func invariance() throws {
        var dice = Dice(seed: 14)
        for _ in 0..<60 {
            let corners = try (0..<(3 + dice.below(7))).map { _ in
                try place(Int64(dice.below(20)), Int64(dice.below(20)))
            }
            let turned = Array(corners[1...]) + [corners[0]]
            let one = try #require(Geofence(corners: corners))
            let two = try #require(Geofence(corners: turned.reversed()))
            for latitude in Int64(-1)...20 {
                for longitude in stride(from: Int64(-1), through: 20, by: 3) {
                    let spot = try place(latitude, longitude)
                    #expect(one.contains(spot) == two.contains(spot))
                }
            }
        }
    }

    @Test("hours hold within a day, over midnight, on their days and at their distance")
    func hours() throws {
        // 2026-11-20 was a Friday.
        func at(_ text: String) throws -> Moment { try #require(Moment(text)) }
        let office = try #require(
            OperatingHours(reading: ["from": 480, "to": 1_020, "days": [1, 2, 3, 4, 5]]))
        #expect(office.contains(try at("2026-11-20T08:00:00Z")))
        #expect(!office.contains(try at("2026-11-20T17:00:00Z")))
        #expect(!office.contains(try at("2026-11-20T07:59:59Z")))
        #expect(!office.contains(try at("2026-11-21T09:00:00Z")))
        let night = try #require(
            OperatingHours(reading: ["from": 1_320, "to": 360, "days": [5], "offset": 60]))
        #expect(night.contains(try at("2026-11-20T21:00:00Z")))
        #expect(night.contains(try at("2026-11-21T04:59:59Z")))
        #expect(!night.contains(try at("2026-11-21T05:00:00Z")))
        #expect(!night.contains(try at("2026-11-20T04:00:00Z")), "Thursday's night")
        #expect(office.contains(try at("1969-12-31T09:00:00Z")), "a Wednesday before 1970")
        for json: JSON in [
            ["from": 5], ["from": 5, "to": 5], ["from": -1, "to": 5], ["from": 0, "to": 1_441],
            ["from": 0, "to": 5, "days": [0]], ["from": 0, "to": 5, "days": []],
            ["from": 0, "to": 5, "offset": 900], [],
        ] { #expect(OperatingHours(reading: json) == nil) }
    }

    @Test("a robot's owner stops what is too dear, elsewhere, at night or of another kind")
    func owner() throws {
        let subject: JSON = [
            "id": "did:key:zRobot", "allowedOperations": ["inspect"],
            "maximumContractValue": "340282366920938463463374607431768211455",
            "geofence": [[0, 0], [0, 10], [10, 10], [10, 0]],
            "hours": ["from": 480, "to": 1_020],
        ]
        let limited = subject.replacing("maximumContractValue", with: "500")
        let owner = try #require(OwnerAuthorization(subject: limited))
        let noon = try #require(Moment("2026-11-20T12:00:00Z"))
        var task = PlannedTask(
            operation: "inspect", value: 500, moment: noon, place: try place(5, 5))
        #expect(owner.refusals(of: task) == [])
        task.value = 501
        #expect(owner.refusals(of: task) == [.valueTooHigh])
        task.place = try place(5, 11)
        #expect(owner.refusals(of: task) == [.valueTooHigh, .outsideGeofence])
        task.place = nil
        task.operation = "deliver"
        task.moment = Moment(seconds: noon.seconds + 5 * 3_600)
        #expect(
            owner.refusals(of: task)
                == [.operationNotAllowed, .valueTooHigh, .placeUnknown, .outsideHours])
        #expect(OwnerAuthorization(subject: subject)?.valueMax == .max)
        #expect(OwnerAuthorization(subject: ["id": "did:key:z"]) == nil)
    }

    @Test("an agent spends its budget and not one unit more")
    func mandate() throws {
        let subject: JSON = [
            "id": "did:key:zAgent", "hirer": "did:key:zBoss", "budget": "1000", "scope": ["buy"],
        ]
        let mandate = try #require(AgentMandate(subject: subject))
        let task = PlannedTask(operation: "buy", value: 400, moment: Moment(seconds: 0))
        #expect(mandate.refusals(of: task, spent: 600) == [])
        #expect(mandate.refusals(of: task, spent: 601) == [.overBudget])
        #expect(mandate.refusals(of: task, spent: .max) == [.overBudget])
        var other = task
        other.operation = "sell"
        #expect(mandate.refusals(of: other, spent: 0) == [.operationNotAllowed])
    }

    @Test("every type has a name of its own, and refuses a subject that says nothing")
    func table() {
        #expect(Set(CredentialType.all.map(\.name)).count == CredentialType.all.count)
        for type in CredentialType.all {
            #expect(CredentialType.named(type.name) == type)
            #expect(type.violation(in: ["id": "did:key:z"]) == type.properties.first?.name)
        }
    }
}
