// SPDX-License-Identifier: Apache-2.0

/// Every benchmark, in the order in which they are listed.
enum Catalog {
    static let benchmarks: [Benchmark] = [
        CloudReady.benchmark, CloudMemory.benchmark, JobLatency.benchmark, JobRate.benchmark,
        Finality.benchmark, LedgerOrder.benchmark, LedgerTransfers.one, LedgerTransfers.four,
        LedgerGrowth.benchmark,
        GatewayRead.benchmark, GatewaySubmit.benchmark, GatewayEvents.benchmark,
        IndexRows.benchmark, ClientSigning.benchmark, WebPage.benchmark, LedgerExecute.benchmark,
        IdentityCreate.benchmark,
        IdentityLedger.benchmark, IdentityState.benchmark, EconomyEpoch.benchmark,
        EconomyRates.benchmark, StateUpdate.benchmark,
        StateSync.benchmark,
        SignatureVerify.benchmark, CredentialFigures.benchmark, LightProof.benchmark,
        InstanceStart.benchmark,
        BinarySize.benchmark,
        Containers.starts, Containers.profiles, Containers.execs, Containers.watches,
        Snapshots.benchmark,
        NetworkRecords.benchmark, NetworkConnections.benchmark,
        NetworkRecovery.benchmark,
        SimulatedNetworks.wan21, SimulatedNetworks.wan50, SimulatedNetworks.wan100,
        SimulatedNetworks.lossy, SimulatedNetworks.seeds,
    ]

    /// The benchmarks a word names: a figure, a family of figures, or `all`.
    static func benchmarks(for word: String) -> [Benchmark] {
        word == "all" ? benchmarks : benchmarks.filter { $0.answers(to: word) }
    }

    /// One line a figure: its id, what it is, its bar.
    static var text: String {
        let figures = benchmarks.flatMap(\.figures)
        let width = figures.map(\.name.count).max() ?? 0
        return figures.map { figure in
            let pad = String(repeating: " ", count: width - figure.name.count)
            let bar = figure.bar.map { "; bar: \($0.text)" } ?? ""
            return "\(figure.name)\(pad)  \(figure.summary), in \(figure.unit)\(bar)\n"
        }.joined()
    }
}
