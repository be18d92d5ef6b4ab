// SPDX-License-Identifier: Apache-2.0
import HTTPServer
import JSONText
import Vocabulary

/// How it is found out whether a container does its work: `Healthcheck` (ENGINE-12).
struct HealthCheck: Sendable {
    let arguments: [String]
    let intervalMilliseconds: UInt64
    let timeoutMilliseconds: UInt64
    /// For how long after its start failures do not count.
    let startMilliseconds: UInt64
    let startIntervalMilliseconds: UInt64
    let failuresMax: Int

    /// The most bytes kept of what a check says.
    static let outputBytesMax = 4_096
    /// How many checks are remembered.
    static let resultsMax = 5

    /// Reads a container's configuration; nil where nothing is to be checked.
    ///
    /// - Throws: ``EngineFailure`` for lengths of time that cannot be meant.
    init?(_ body: JSON) throws(EngineFailure) {
        let check = body["Healthcheck"]
        let words = ContainerOptions.texts(check?["Test"]) ?? []
        guard let kind = words.first, kind != "NONE" else { return nil }
        switch kind {
        case "CMD": arguments = Array(words.dropFirst())
        case "CMD-SHELL":
            let shell = ContainerOptions.texts(body["Shell"]) ?? ["/bin/sh", "-c"]
            arguments = shell + words.dropFirst()
        default: throw EngineFailure(.badRequest, "Unknown healthcheck type \"\(kind)\"")
        }
        guard !arguments.isEmpty else {
            throw EngineFailure(.badRequest, "the health check has no command")
        }
        func time(_ name: String, _ usual: UInt64) throws(EngineFailure) -> UInt64 {
            let value = check?[name]?.signed ?? 0
            guard value == 0 || value >= 1_000_000 else {
                throw EngineFailure(
                    .badRequest, "\(name) in Healthcheck cannot be less than 1ms")
            }
            return value == 0 ? usual : UInt64(value / 1_000_000)
        }
        intervalMilliseconds = try time("Interval", 30_000)
        timeoutMilliseconds = try time("Timeout", 30_000)
        startMilliseconds = try time("StartPeriod", 0)
        startIntervalMilliseconds = try time("StartInterval", 5_000)
        let failures = check?["Retries"]?.signed ?? 0
        guard failures >= 0 else {
            throw EngineFailure(.badRequest, "Retries in Healthcheck cannot be negative")
        }
        failuresMax = failures == 0 ? 3 : Int(failures)
    }

    /// How long to wait before the next check.
    func pause(_ health: Health, age milliseconds: UInt64) -> UInt64 {
        health.status == .starting && milliseconds < startMilliseconds
            ? startIntervalMilliseconds : intervalMilliseconds
    }
}

/// What is known of a container's health.
struct Health: Sendable {
    enum Status: String {
        case starting, healthy, unhealthy
    }

    /// One check.
    struct Result: Sendable {
        let began: Timestamp
        let ended: Timestamp
        /// The program's code; -1 for one that took too long.
        let code: Int64
        let output: String
    }

    private(set) var status = Status.starting
    private(set) var failures = 0
    private(set) var results: [Result] = []

    /// Takes a check's result.
    ///
    /// - Parameter age: How long the container runs.
    mutating func take(_ result: Result, _ check: HealthCheck, age milliseconds: UInt64) {
        results.append(result)
        if results.count > HealthCheck.resultsMax { results.removeFirst() }
        if result.code == 0 {
            (status, failures) = (.healthy, 0)
            return
        }
        if status == .starting, milliseconds < check.startMilliseconds { return }
        failures += 1
        if failures >= check.failuresMax { status = .unhealthy }
    }

    /// As Docker's clients read it.
    var json: JSON {
        [
            "Status": JSON(status.rawValue), "FailingStreak": JSON(failures),
            "Log": .array(
                results.map { result in
                    [
                        "Start": JSON(result.began.utc), "End": JSON(result.ended.utc),
                        "ExitCode": JSON(result.code), "Output": JSON(result.output),
                    ]
                }),
        ]
    }
}
