// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

@testable import Deployments

/// A change of a file and what it takes.
struct ChangeCase: Sendable, CustomTestStringConvertible {
    let from: String
    let to: String
    let expected: [String]

    init(_ from: String, _ to: String, _ expected: [String]) {
        self.from = from
        self.to = to
        self.expected = expected
    }

    var testDescription: String { "\(from) -> \(to)" }
}

@Suite("What a change of a deployment takes (DEPLOY-11)")
struct ChangeTests {
    static let text = """
        services:
          web:
            image: app:1
            command: serve
            environment: {A: one, B: two}
            volumes: ['data:/data']
            deploy: {replicas: 2, resources: {limits: {cpus: '1', memory: 1g}}}
        volumes: {data: {driver_opts: {size: 10g}}}
        networks: {default: {}}
        """

    static let cases: [ChangeCase] = [
        ChangeCase("app:1", "app:1", []),
        ChangeCase("app:1", "app:2", ["service web/image replaces app:1 becomes app:2"]),
        ChangeCase("serve", "serve -v", ["service web/command replaces changes"]),
        ChangeCase("A: one", "A: other, C: three", ["service web/environment replaces ~A +C"]),
        ChangeCase("A: one, ", "", ["service web/environment replaces -A"]),
        ChangeCase("replicas: 2", "replicas: 3", ["service web/replicas grows 2 becomes 3"]),
        ChangeCase("replicas: 2", "replicas: 1", ["service web/replicas shrinks 2 becomes 1"]),
        ChangeCase(
            "cpus: '1'", "cpus: '2'", ["service web/milli-processors grows 1000 becomes 2000"]),
        ChangeCase(
            "memory: 1g", "memory: 512m",
            ["service web/memory shrinks 1073741824 becomes 536870912"]),
        ChangeCase(
            "size: 10g", "size: 20g",
            ["volume data/size grows 10737418240 becomes 21474836480 bytes"]),
        ChangeCase(
            "size: 10g", "size: 5g",
            [
                "volume data/size loses-data 10737418240 becomes 5368709120 bytes: it is made "
                    + "anew, its data is lost"
            ]),
        ChangeCase(
            "volumes: ['data:/data']", "tmpfs: /data",
            [
                "service web/volumes replaces changes",
                "volume data/ loses-data is gone with its data",
            ]),
        ChangeCase(
            "services:\n", "services:\n  new: {image: x}\n", ["service new/ grows is new"]),
        ChangeCase(
            "networks: {default: {}}", "networks: {default: {internal: true}}",
            ["network default/ replaces changes"]),
        ChangeCase(
            "command: serve", "user: a\n    init: true",
            [
                "service web/command replaces changes", "service web/user replaces changes",
                "service web/flags replaces changes",
            ]),
    ]

    @Test("each change says what it takes", arguments: ChangeTests.cases)
    func changes(one: ChangeCase) throws {
        let range = try #require(Self.text.range(of: one.from))
        let old = try #require(reading(Self.text).deployment)
        let read = reading(Self.text.replacingCharacters(in: range, with: one.to))
        let new = try #require(read.deployment, "\(read.findings)")
        let found = old.changes(to: new).map {
            "\($0.subject)/\($0.part) \($0.consequence.rawValue) \($0.detail)"
        }
        #expect(found == one.expected)
    }

    @Test("values of variables are never shown")
    func silent() throws {
        let old = try #require(reading(Self.text).deployment)
        var new = old
        new.services[0].environment = [NamedText("A", "hunter2")]
        #expect(!"\(old.changes(to: new))".contains("hunter2"))
    }

    @Test("other providers mean another lease; consequences are ordered by what they take")
    func groups() throws {
        let old = try #require(reading(SDLTests.sdl).deployment)
        var new = old
        new.groups[0].attributes = [NamedText("region", "eu")]
        #expect(old.changes(to: new).map(\.consequence) == [.renews])
        #expect(DeploymentChange.Consequence.replaces < .losesData)
        #expect(old.changes(to: new).first?.subject == "group west")
    }
}
