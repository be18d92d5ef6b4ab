// SPDX-License-Identifier: Apache-2.0
import Accounts
import ClientKit
import Cryptography
import Glibc
import Ledger
import Vocabulary

/// Signed transactions over HTTP: handed in one by one, checked, and held for the validators.
enum GatewaySubmit {
    static let rate = FigureID(
        "gateway.submit", "1/s", "signed transactions accepted per second over HTTP",
        bar: .atLeast(20_000))
    static let tail = FigureID(
        "gateway.submit.p99", "ms", "from sending one to its acknowledgement, 99 in a hundred")
    static let benchmark = Benchmark(figures: [rate, tail], measure: measure)

    private static let connections = 32
    /// As many as an account may have waiting, less a few.
    private static let perAccount = 60

    private static func measure(_ bench: Bench) async throws -> [Measurement] {
        let accounts = bench.either(1_024, quick: 256)
        return try await LocalCloud.lend(bench) { cloud in
            let load = try await SignedLoad(cloud, accounts: accounts)
            bench.say("\(accounts * perAccount) transactions are signed")
            let bodies = try await load.sign(perAccount, bench).map(\.canonicalBytes)
            let files = bench.folder + "/submit"
            guard mkdir(files, 0o755) == 0, SystemFile.write(files + "/load.lua", script),
                SystemFile.write(files + "/bodies", bytes: SignedLoad.framed(bodies))
            else { throw BenchFailure("\(files) cannot be written") }
            let shares = try ProcessorShares(cloud)
            let text = try await bench.compute {
                try ChildProgram.run(
                    "/usr/bin/wrk",
                    [
                        "-t1", "-c\(connections)", "-d30s", "-s", files + "/load.lua",
                        try cloud.gateway(), "--", files + "/bodies",
                    ])
            }
            let used = shares.read()
            await load.close()
            return try read(text, bodies.count, used)
        }
    }

    private static func read(
        _ text: String, _ count: Int, _ used: ProcessorShares.Reading
    ) throws(BenchFailure) -> [Measurement] {
        let words =
            text.split(separator: "\n").first { $0.hasPrefix("taken ") }?
            .split(separator: " ").compactMap { Double($0) } ?? []
        guard words.count == 4, words[0] > 0, words[2] > 0 else {
            throw BenchFailure("wrk says: \(text)")
        }
        let meter =
            "wrk, \(connections) connections, one transfer a request; \(Int(words[0])) of "
            + "\(count) accepted, \(Int(words[1])) not; "
            + "\(used.milliseconds(per: Int(words[0]))) ms of processor time each, the "
            + "whole cloud; percent of a core: \(used.text)"
        return [
            Measurement(figure: rate, value: words[0] / (words[2] / 1e6), meter: meter),
            Measurement(figure: tail, value: words[3] / 1e3, meter: meter),
        ]
    }

    /// Sends the bodies of a file in their order and stops after the last.
    private static let script = """
        local threads = {}
        function setup(thread) table.insert(threads, thread) end
        function init(args)
          local file = assert(io.open(args[1], "rb"))
          local text = file:read("*a")
          bodies, sent, taken, refused, begun, ended = {}, 0, 0, 0, 0, 0
          local at = 1
          while at < #text do
            local high, low = text:byte(at, at + 1)
            local size = high * 256 + low
            table.insert(bodies, text:sub(at + 2, at + 1 + size))
            at = at + 2 + size
          end
        end
        local fields = { ["Content-Type"] = "application/octet-stream" }
        function request()
          sent = sent + 1
          return wrk.format("POST", "/v1/transactions", fields, bodies[math.min(sent, #bodies)])
        end
        function response(status)
          if status == 202 or status == 200 then taken = taken + 1 else refused = refused + 1 end
          if taken + refused >= #bodies then wrk.thread:stop() end
        end
        function done(summary, latency)
          local taken, refused = 0, 0
          for _, thread in ipairs(threads) do
            taken, refused = taken + thread:get("taken"), refused + thread:get("refused")
          end
          io.write(string.format(
            "taken %d %d %d %d\\n", taken, refused, summary.duration, latency:percentile(99)))
        end

        """
}
