// swift-tools-version: 6.2
import PackageDescription

// The house (docs/architecture.md): a target may use only targets on lower floors.
// The plan below is the only place where an edge can be drawn, and it is checked before any build.

/// A storey of the house; the raw value orders them from the ground up.
///
/// Foundations have two steps: `ground` holds what needs nothing, `foundations` what stands on it
/// (docs/decisions/0001-two-steps-in-the-foundations.md); `interfaces` is what the assemblies share
/// (docs/decisions/0002-an-interface-floor.md); the engines have two steps as well, `wires` for the
/// protocols that others speak (docs/decisions/0018-one-network-under-the-mesh.md).
enum Floor: Int {
    case ground, foundations, worlds, wires, engines, ledger, modules, interfaces, assemblies,
        executables

    /// Where targets of this floor live.
    func path(of name: String) -> String {
        switch self {
        case .ground, .foundations: "Sources/Foundations/\(name)"
        case .worlds: "Sources/Worlds/\(name)"
        case .wires, .engines: "Sources/Engines/\(name)"
        case .ledger: "Sources/Ledger"
        case .modules: "Modules/\(name)/Sources"
        case .interfaces: "Sources/Interfaces/\(name)"
        case .assemblies: "Sources/Assemblies/\(name)"
        case .executables: "Sources/Executables/\(name)"
        }
    }
}

/// One Swift target: its name, its floor, what it uses, and the C libraries it calls.
struct Room {
    let name: String
    let floor: Floor
    let uses: [String]
    let libraries: [String]
    let path: String

    /// - Parameter path: Where it lives when that is not its floor's folder.
    init(
        _ name: String, _ floor: Floor, uses: [String] = [], libraries: [String] = [],
        path: String? = nil
    ) {
        self.name = name
        self.floor = floor
        self.uses = uses
        self.libraries = libraries
        self.path = path ?? floor.path(of: name)
    }
}

let plan: [Room] = [
    Room("Vocabulary", .ground),
    Room(
        "Cryptography", .foundations, uses: ["Vocabulary"],
        libraries: ["CShims", "CSodium", "CCrypto"]),
    Room("Effects", .foundations, uses: ["Vocabulary"]),
    Room("JSONText", .foundations, uses: ["Vocabulary"]),

    Room(
        "SystemEffects", .worlds, uses: ["Effects", "Vocabulary"],
        libraries: ["CShims", "CLMDB"]),
    Room("SimulatedEffects", .worlds, uses: ["Effects", "Vocabulary"]),

    Room("Consensus", .engines, uses: ["Cryptography", "Vocabulary"]),
    Room(
        "StateTree", .engines, uses: ["Cryptography", "Vocabulary"], libraries: ["CShims"]),
    Room("LibP2P", .wires, uses: ["Cryptography", "Effects", "Vocabulary"]),
    Room("PeerNetwork", .engines, uses: ["LibP2P", "Cryptography", "Effects", "Vocabulary"]),
    Room(
        "WebAssemblyEngine", .engines, uses: ["Cryptography", "Vocabulary"],
        libraries: ["CWasmtime"]),
    Room("ServiceDiscovery", .engines, uses: ["Cryptography", "Vocabulary"]),
    Room(
        "HTTPServer", .engines, uses: ["Cryptography", "Effects", "Vocabulary"],
        libraries: ["CSSL", "CNghttp2", "CZlib", "CZstd"]),
    Room("LeaseTalk", .engines, uses: ["Cryptography", "Vocabulary"]),
    Room("Database", .engines, libraries: ["CSQLite", "CPostgres"]),
    Room("Identity", .engines, uses: ["JSONText", "Cryptography", "Vocabulary"]),
    Room(
        "ContainerImages", .wires, uses: ["JSONText", "Cryptography", "Vocabulary"],
        libraries: ["CShims", "CZlib", "CZstd"]),
    Room(
        "ImageBuilder", .engines,
        uses: ["ContainerImages", "JSONText", "Cryptography", "Effects", "Vocabulary"]),
    Room(
        "Deployments", .engines, uses: ["Cryptography", "Vocabulary"],
        libraries: ["CYAML"]),
    Room(
        "VolumeSnapshots", .engines, uses: ["Cryptography", "Vocabulary"], libraries: ["CShims"]),
    Room(
        "ContainerRuntime", .engines, uses: ["JSONText", "Vocabulary"],
        libraries: ["CShims", "CSeccomp"]),
    Room(
        "ContainerNetworks", .engines, uses: ["Effects", "Vocabulary"],
        libraries: ["CShims", "CNftables"]),

    Room(
        "Ledger", .ledger,
        uses: ["Consensus", "StateTree", "JSONText", "Cryptography", "Effects", "Vocabulary"],
        libraries: ["CShims"]),

    Room("Accounts", .modules, uses: ["Ledger", "JSONText", "Cryptography", "Vocabulary"]),
    Room("Registry", .modules, uses: ["Ledger", "JSONText", "Cryptography", "Vocabulary"]),
    Room("Market", .modules, uses: ["Ledger", "JSONText", "Cryptography", "Vocabulary"]),
    Room("Reputation", .modules, uses: ["Ledger", "JSONText", "Cryptography", "Vocabulary"]),
    Room(
        "Validators", .modules,
        uses: ["Ledger", "Consensus", "JSONText", "Cryptography", "Vocabulary"]),
    Room(
        "Staking", .modules,
        uses: ["Ledger", "Consensus", "JSONText", "Cryptography", "Vocabulary"]),
    Room("Treasury", .modules, uses: ["Ledger", "JSONText", "Cryptography", "Vocabulary"]),
    Room("Governance", .modules, uses: ["Ledger", "JSONText", "Cryptography", "Vocabulary"]),
    Room("Exchange", .modules, uses: ["Ledger", "JSONText", "Vocabulary"]),
    Room("Revenue", .modules, uses: ["Ledger", "JSONText", "Cryptography", "Vocabulary"]),
    Room("Leases", .modules, uses: ["Ledger", "JSONText", "Cryptography", "Vocabulary"]),
    Room(
        "Identities", .modules,
        uses: ["Ledger", "Identity", "JSONText", "Cryptography", "Vocabulary"]),
    Room("Names", .modules, uses: ["Ledger", "JSONText", "Cryptography", "Vocabulary"]),
    Room("Mandates", .modules, uses: ["Ledger", "JSONText", "Cryptography", "Vocabulary"]),

    Room("Presets", .interfaces, uses: ["JSONText", "Vocabulary"]),
    Room(
        "NodeInterface", .interfaces,
        uses: [
            "ServiceDiscovery", "Ledger", "Consensus", "StateTree", "Effects", "Vocabulary",
        ]),
    Room(
        "ServiceNetwork", .interfaces,
        uses: ["ServiceDiscovery", "LibP2P", "Cryptography", "Effects", "Vocabulary"]),
    Room(
        "DeploymentHost", .interfaces,
        uses: ["Deployments", "HTTPServer", "JSONText", "Cryptography", "Effects", "Vocabulary"]),
    Room(
        "Receipts", .interfaces,
        uses: ["Market", "Ledger", "Consensus", "StateTree", "Cryptography", "Vocabulary"]),
    Room(
        "LightClient", .interfaces,
        uses: [
            "Accounts", "Market", "Validators", "Identities", "Names", "Mandates", "Identity",
            "Ledger", "Consensus", "StateTree", "Cryptography", "Vocabulary",
        ]),

    Room(
        "NodeAssembly", .assemblies,
        uses: [
            "LeaseTalk", "ServiceNetwork", "ServiceDiscovery", "LibP2P",
            "NodeInterface", "LightClient", "Accounts", "Registry", "Market", "Reputation",
            "Validators", "Staking", "Treasury", "Governance", "Exchange", "Leases", "Revenue",
            "Identities",
            "Names",
            "Mandates", "Ledger", "StateTree", "Consensus", "PeerNetwork", "Cryptography",
            "Effects", "Vocabulary",
        ]),
    Room(
        "Gateway", .assemblies,
        uses: [
            "ServiceDiscovery", "LeaseTalk",
            "NodeInterface", "Receipts", "LightClient", "Identity", "Accounts", "Identities",
            "Names", "Mandates", "Registry", "Market", "Reputation", "Validators", "Staking",
            "Treasury", "Governance", "Exchange", "Leases", "Revenue", "Ledger", "Consensus",
            "Database",
            "HTTPServer", "JSONText",
            "Cryptography", "Effects", "Vocabulary",
        ]),
    Room(
        "ProviderAgent", .assemblies,
        uses: [
            "ServiceDiscovery",
            "NodeInterface", "Identity", "Identities", "Registry", "Market", "Leases", "Ledger",
            "WebAssemblyEngine", "JSONText", "Cryptography", "Effects", "Vocabulary",
        ]),
    Room(
        "ClientKit", .assemblies,
        uses: [
            "ServiceDiscovery",
            "NodeInterface", "Receipts", "LightClient", "Identity", "Identities", "Accounts",
            "Registry", "Market", "Leases", "Staking", "Treasury", "Ledger", "HTTPServer",
            "JSONText", "Cryptography", "Effects", "Vocabulary",
        ]),

    Room(
        "ContainerEngine", .assemblies,
        uses: [
            "ImageBuilder", "ContainerImages", "ContainerNetworks", "HTTPServer", "JSONText",
            "Effects", "Vocabulary",
        ]),
    Room("GossipSimulation", .assemblies, uses: ["LibP2P", "Cryptography", "Vocabulary"]),

    Room(
        "atoll", .executables,
        uses: [
            "ServiceDiscovery",
            "NodeAssembly", "ProviderAgent", "Gateway", "ClientKit", "NodeInterface", "Receipts",
            "LightClient", "Identity", "Accounts", "Identities", "Names", "Mandates", "Registry",
            "Market", "Validators", "Staking", "Treasury", "Governance", "Exchange", "Leases",
            "Revenue",
            "Ledger", "Consensus", "PeerNetwork", "Presets", "ContainerEngine", "ImageBuilder",
            "ContainerImages", "Database", "Deployments", "HTTPServer",
            "JSONText",
            "SystemEffects", "Cryptography",
            "Effects", "Vocabulary",
        ]),
    Room(
        "atoll-peer", .executables,
        uses: ["LibP2P", "SystemEffects", "Cryptography", "Effects", "Vocabulary"]),
    Room(
        "atoll-simulate", .executables,
        uses: [
            "GossipSimulation",
            "NodeAssembly", "NodeInterface", "LightClient", "Presets", "Accounts", "Registry",
            "Market", "Validators", "Staking", "Treasury", "Governance", "Exchange", "Leases",
            "Revenue",
            "Identities", "Names",
            "Mandates", "Ledger", "Consensus", "PeerNetwork", "JSONText", "SimulatedEffects",
            "Cryptography", "Effects", "Vocabulary",
        ]),
    Room(
        "atoll-machines", .executables,
        uses: [
            "ClientKit", "Identity", "ServiceDiscovery", "Ledger", "JSONText", "SystemEffects",
            "Cryptography", "Effects", "Vocabulary",
        ], path: "examples/machines/Sources"),
    Room("atoll-runtime", .executables, uses: ["ContainerRuntime"]),
    Room(
        "atoll-engine", .executables,
        uses: ["ContainerEngine", "SystemEffects", "Effects", "Vocabulary"]),
    Room(
        "atoll-bench", .executables,
        uses: [
            "Identity",
            "NodeAssembly", "ClientKit", "NodeInterface", "LightClient", "Accounts", "Market",
            "Identities", "Staking", "Treasury", "Governance", "Ledger", "Consensus", "StateTree",
            "VolumeSnapshots", "WebAssemblyEngine", "HTTPServer",
            "JSONText", "PeerNetwork", "LibP2P", "SystemEffects", "Cryptography", "Effects",
            "Vocabulary",
        ],
        libraries: ["CWasmtime", "CSodium", "CCrypto"], path: "Benchmarks/atoll-bench"),
    Room(
        "atoll-fuzz", .executables,
        uses: [
            "ImageBuilder", "ContainerImages",
            "ContainerNetworks", "ContainerRuntime", "Deployments", "LeaseTalk", "NodeAssembly",
            "LightClient", "Receipts", "Accounts", "Validators", "Identities", "Names", "Mandates",
            "Identity", "Ledger", "Consensus", "StateTree", "PeerNetwork", "LibP2P",
            "ServiceDiscovery", "VolumeSnapshots", "WebAssemblyEngine", "HTTPServer",
            "SimulatedEffects", "JSONText", "Cryptography", "Effects", "Vocabulary",
        ], path: "Fuzz/atoll-fuzz"),
]

// MARK: - Tests

/// One test target: what it tests lies at or below the targets it uses.
struct TestRoom {
    let name: String
    let path: String
    let uses: [String]
    let libraries: [String]
    /// Files below its path that are not compiled.
    let data: [String]
    /// Programs it runs, which are built beside it and not linked into it.
    let runs: [String]

    init(
        _ name: String, _ path: String, uses: [String], libraries: [String] = [],
        data: [String] = [], runs: [String] = []
    ) {
        self.name = name
        self.path = path
        self.uses = uses
        self.libraries = libraries
        self.data = data
        self.runs = runs
    }
}

let testPlan: [TestRoom] = [
    TestRoom("VocabularyTests", "Tests/Unit/VocabularyTests", uses: ["Vocabulary"]),
    TestRoom(
        "CryptographyTests", "Tests/Unit/CryptographyTests", uses: ["Cryptography", "Vocabulary"],
        libraries: ["CShims", "CSodium", "CCrypto"]),
    TestRoom(
        "CryptographyConformance", "Tests/Conformance/Cryptography",
        uses: ["Cryptography", "JSONText", "Vocabulary"]),
    TestRoom(
        "SystemEffectsTests", "Tests/Unit/SystemEffectsTests",
        uses: ["SystemEffects", "Effects", "Vocabulary"], libraries: ["TestSupport"]),
    TestRoom(
        "SimulatedEffectsTests", "Tests/Unit/SimulatedEffectsTests",
        uses: ["SimulatedEffects", "Effects", "Vocabulary"]),
    TestRoom(
        "ConsensusTests", "Tests/Unit/ConsensusTests",
        uses: ["Consensus", "Cryptography", "Vocabulary"]),
    TestRoom(
        "StateTreeTests", "Tests/Unit/StateTreeTests",
        uses: ["StateTree", "Cryptography", "JSONText", "Vocabulary"]),
    TestRoom(
        "EncodingVectors", "Tests/Conformance/Encoding",
        uses: [
            "Receipts", "LightClient", "NodeInterface", "Accounts", "Market", "Registry", "Staking",
            "Validators", "Governance", "Treasury", "Exchange", "Identities", "Names", "Mandates",
            "Identity", "Ledger", "Cryptography", "JSONText", "Vocabulary",
        ]),
    TestRoom(
        "StateTreeConformance", "Tests/Conformance/StateTree", uses: ["StateTree", "Vocabulary"]),
    TestRoom(
        "PeerNetworkTests", "Tests/Unit/PeerNetworkTests",
        uses: [
            "PeerNetwork", "LibP2P", "SimulatedEffects", "SystemEffects", "Cryptography", "Effects",
            "Vocabulary",
        ]),
    TestRoom(
        "LibP2PTests", "Tests/Unit/LibP2PTests",
        uses: [
            "LibP2P", "SimulatedEffects", "SystemEffects", "Cryptography", "Effects", "Vocabulary",
        ], libraries: ["TestSupport"]),
    TestRoom(
        "LibP2PConformance", "Tests/Conformance/LibP2P",
        uses: [
            "PeerNetwork", "ServiceNetwork", "ServiceDiscovery", "LibP2P", "SystemEffects",
            "Cryptography", "Effects", "Vocabulary",
        ],
        libraries: ["TestSupport"], data: ["Peers"]),
    TestRoom(
        "ServiceDiscoveryTests", "Tests/Unit/ServiceDiscoveryTests",
        uses: ["ServiceDiscovery", "Cryptography", "Vocabulary"]),
    TestRoom(
        "GossipSimulationTests", "Tests/Unit/GossipSimulationTests",
        uses: ["GossipSimulation", "LibP2P", "Cryptography"]),
    TestRoom(
        "NATConformance", "Tests/Conformance/NAT",
        uses: ["atoll-peer", "LibP2P", "SystemEffects", "Effects", "Vocabulary"],
        libraries: ["TestSupport"], data: ["Scenes"], runs: ["atoll"]),
    TestRoom(
        "ServiceNetworkTests", "Tests/Unit/ServiceNetworkTests",
        uses: [
            "ServiceNetwork", "ServiceDiscovery", "LibP2P", "SimulatedEffects", "Cryptography",
            "Effects", "Vocabulary",
        ]),
    TestRoom(
        "WebAssemblyEngineTests", "Tests/Unit/WebAssemblyEngineTests",
        uses: ["WebAssemblyEngine", "Cryptography", "Vocabulary"]),
    TestRoom(
        "HTTPServerTests", "Tests/Unit/HTTPServerTests",
        uses: [
            "HTTPServer", "SystemEffects", "SimulatedEffects", "Cryptography", "Effects",
            "Vocabulary",
        ],
        libraries: ["TestSupport"]),
    TestRoom("JSONTextTests", "Tests/Unit/JSONTextTests", uses: ["JSONText", "Vocabulary"]),
    TestRoom(
        "ContainerImagesTests", "Tests/Unit/ContainerImagesTests",
        uses: ["ContainerImages", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["CShims"]),
    TestRoom(
        "ImageBuilderTests", "Tests/Unit/ImageBuilderTests",
        uses: ["ImageBuilder", "ContainerImages", "JSONText", "Vocabulary"]),
    TestRoom(
        "DeploymentsTests", "Tests/Unit/DeploymentsTests",
        uses: ["Deployments", "Cryptography", "Vocabulary"]),
    TestRoom(
        "ProviderAgentTests", "Tests/Unit/ProviderAgentTests",
        uses: ["ProviderAgent", "Leases", "Vocabulary"]),
    TestRoom(
        "LeaseTalkTests", "Tests/Unit/LeaseTalkTests",
        uses: ["LeaseTalk", "SimulatedEffects", "Cryptography", "Vocabulary"]),
    TestRoom(
        "DeploymentHostTests", "Tests/Unit/DeploymentHostTests",
        uses: ["DeploymentHost", "Deployments", "JSONText", "Vocabulary"]),
    TestRoom(
        "VolumeSnapshotsTests", "Tests/Unit/VolumeSnapshotsTests",
        uses: ["VolumeSnapshots", "Cryptography", "Vocabulary"], libraries: ["CShims"]),
    TestRoom(
        "ContainerRuntimeTests", "Tests/Unit/ContainerRuntimeTests",
        uses: ["ContainerRuntime", "JSONText", "Vocabulary"]),
    TestRoom(
        "ContainerNetworksTests", "Tests/Unit/ContainerNetworksTests",
        uses: ["ContainerNetworks", "SystemEffects", "Effects", "Vocabulary"],
        libraries: ["CShims", "TestSupport"]),
    TestRoom(
        "ContainerTests", "Tests/Containers",
        uses: ["ContainerRuntime", "JSONText", "Vocabulary"], data: ["Peers"],
        runs: ["atoll-runtime"]),
    TestRoom(
        "EngineTests", "Tests/Engine", uses: ["DeploymentHost", "Deployments", "Effects"],
        libraries: ["TestSupport"], data: ["Clients"], runs: ["atoll-engine", "atoll-runtime"]),
    TestRoom(
        "IdentityTests", "Tests/Unit/IdentityTests",
        uses: ["Identity", "JSONText", "Cryptography", "Vocabulary"]),
    TestRoom(
        "IdentityConformance", "Tests/Conformance/Identity",
        uses: ["Identity", "JSONText", "Cryptography", "Vocabulary"], data: ["Vectors", "Peers"]),
    TestRoom(
        "LedgerTests", "Tests/Unit/LedgerTests",
        uses: [
            "Accounts", "Ledger", "StateTree", "JSONText", "Cryptography", "Effects", "Vocabulary",
        ], libraries: ["LedgerSupport"]),
    TestRoom(
        "AccountsTests", "Modules/Accounts/Tests",
        uses: ["Accounts", "Ledger", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "RegistryTests", "Modules/Registry/Tests",
        uses: ["Registry", "Ledger", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "MarketTests", "Modules/Market/Tests",
        uses: ["Market", "Ledger", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "ReputationTests", "Modules/Reputation/Tests",
        uses: ["Reputation", "Ledger", "JSONText", "Cryptography", "Vocabulary"]),
    TestRoom(
        "ValidatorsTests", "Modules/Validators/Tests",
        uses: ["Validators", "Ledger", "Consensus", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "StakingTests", "Modules/Staking/Tests",
        uses: ["Staking", "Ledger", "Consensus", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "TreasuryTests", "Modules/Treasury/Tests",
        uses: ["Treasury", "Ledger", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "GovernanceTests", "Modules/Governance/Tests",
        uses: ["Governance", "Ledger", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "ExchangeTests", "Modules/Exchange/Tests",
        uses: ["Exchange", "Ledger", "JSONText", "Vocabulary"], libraries: ["LedgerSupport"]),
    TestRoom(
        "RevenueTests", "Modules/Revenue/Tests",
        uses: ["Revenue", "Ledger", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "LeasesTests", "Modules/Leases/Tests",
        uses: ["Leases", "Ledger", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "IdentitiesTests", "Modules/Identities/Tests",
        uses: ["Identities", "Ledger", "Identity", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "NamesTests", "Modules/Names/Tests", uses: ["Names", "Ledger", "JSONText", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "MandatesTests", "Modules/Mandates/Tests",
        uses: ["Mandates", "Ledger", "JSONText", "Cryptography", "Vocabulary"],
        libraries: ["LedgerSupport"]),
    TestRoom(
        "SimulationTests", "Tests/Simulation",
        uses: [
            "atoll-simulate",
            "NodeAssembly", "ProviderAgent", "NodeInterface", "Receipts", "SimulatedEffects",
            "Identity", "Identities", "Accounts", "Registry", "Market", "Reputation", "Ledger",
            "Consensus", "WebAssemblyEngine", "JSONText", "PeerNetwork", "Cryptography", "Effects",
            "Vocabulary",
        ], data: ["Scenarios"]),
    TestRoom(
        "NodeAssemblyTests", "Tests/Unit/NodeAssemblyTests",
        uses: [
            "NodeAssembly", "NodeInterface", "SimulatedEffects", "Accounts", "Registry", "Market",
            "Identities", "Names", "Mandates", "Identity", "Ledger", "StateTree", "Consensus",
            "JSONText", "PeerNetwork", "Cryptography", "Effects", "Vocabulary",
        ]),
    TestRoom(
        "PresetsTests", "Tests/Unit/PresetsTests",
        uses: [
            "Presets", "NodeAssembly", "Accounts", "Governance", "Identities", "Staking",
            "Treasury",
            "Validators", "Ledger", "JSONText", "Vocabulary",
        ]),
    TestRoom(
        "EconomyTests", "Tests/Unit/EconomyTests",
        uses: [
            "NodeAssembly", "Accounts", "Validators", "Staking", "Treasury", "Governance",
            "Revenue", "Leases", "Registry", "Reputation",
            "Ledger",
            "Consensus", "JSONText", "Cryptography", "Vocabulary",
        ], libraries: ["LedgerSupport"]),
    TestRoom(
        "EconomySimulationTests", "Tests/Unit/EconomySimulationTests",
        uses: [
            "atoll-simulate", "Presets", "NodeAssembly", "Accounts", "Validators", "Staking",
            "Treasury", "Governance", "Ledger", "SimulatedEffects", "JSONText", "Cryptography",
            "Vocabulary",
        ]),
    TestRoom(
        "ArchiveTests", "Tests/Unit/ArchiveTests",
        uses: [
            "NodeAssembly", "NodeInterface", "SimulatedEffects", "SystemEffects", "Accounts",
            "Ledger", "Consensus", "JSONText", "PeerNetwork", "Cryptography", "Effects",
            "Vocabulary",
        ], libraries: ["TestSupport"]),
    TestRoom(
        "SyncTests", "Tests/Unit/SyncTests",
        uses: [
            "NodeAssembly", "NodeInterface", "SimulatedEffects", "SystemEffects", "Accounts",
            "Validators", "Ledger", "Consensus", "StateTree", "JSONText", "PeerNetwork",
            "Cryptography", "Effects", "Vocabulary",
        ], libraries: ["TestSupport"]),
    TestRoom(
        "NodeInterfaceTests", "Tests/Unit/NodeInterfaceTests",
        uses: ["NodeInterface", "Vocabulary"]),
    TestRoom(
        "ReceiptsTests", "Tests/Unit/ReceiptsTests",
        uses: [
            "Receipts", "Market", "Ledger", "Consensus", "StateTree", "Cryptography", "JSONText",
            "Vocabulary",
        ]),
    TestRoom(
        "LightClientTests", "Tests/Unit/LightClientTests",
        uses: [
            "LightClient", "Accounts", "Market", "Validators", "Identities", "Names", "Mandates",
            "Identity", "Ledger", "Consensus", "StateTree", "JSONText", "Cryptography",
            "Vocabulary",
        ]),
    TestRoom(
        "GatewayTests", "Tests/Unit/GatewayTests",
        uses: [
            "Database",
            "Gateway", "NodeAssembly", "NodeInterface", "Receipts", "LightClient", "Accounts",
            "Registry", "Market", "Reputation", "Validators", "Staking", "Treasury", "Governance",
            "Exchange", "Leases", "Identities", "Names", "Mandates", "Identity", "Ledger",
            "StateTree",
            "Consensus", "HTTPServer",
            "SystemEffects", "JSONText", "Cryptography", "Effects", "Vocabulary",
        ], libraries: ["TestSupport"]),
    TestRoom(
        "EndToEndTests", "Tests/EndToEnd",
        uses: [
            "ServiceDiscovery",
            "atoll", "ClientKit", "NodeInterface", "Receipts", "Identity", "Accounts", "Registry",
            "Market", "Staking", "Treasury", "Governance", "Exchange", "Leases", "Presets",
            "Ledger",
            "Consensus", "WebAssemblyEngine", "HTTPServer", "JSONText",
            "SystemEffects", "Cryptography", "Effects", "Vocabulary",
        ], data: ["Dashboard/Peers"]),
    TestRoom(
        "FuzzTests", "Tests/Fuzz", uses: ["atoll-fuzz", "Cryptography", "Vocabulary"],
        data: ["Seeds"]),
    TestRoom("TidyTests", "Tests/Tidy", uses: []),
    TestRoom(
        "ClientKitTests", "Tests/Unit/ClientKitTests",
        uses: [
            "ClientKit", "NodeInterface", "Receipts", "LightClient", "Accounts", "Market",
            "Validators", "Ledger", "StateTree", "Consensus", "HTTPServer", "SystemEffects",
            "JSONText", "Cryptography", "Effects", "Vocabulary",
        ], libraries: ["TestSupport"]),
    TestRoom(
        "CommandLineTests", "Tests/Unit/CommandLineTests",
        uses: [
            "atoll", "ClientKit", "Receipts", "LightClient", "Market", "Validators", "Treasury",
            "Ledger",
            "StateTree", "Consensus", "SystemEffects", "JSONText", "Cryptography", "Effects",
            "Vocabulary",
        ], libraries: ["TestSupport"]),
]

// MARK: - The check of the plan

let floorOf = Dictionary(uniqueKeysWithValues: plan.map { ($0.name, $0.floor) })
for room in plan {
    for used in room.uses {
        guard let floor = floorOf[used] else {
            fatalError("\(room.name) uses \(used), which the plan does not know")
        }
        guard floor.rawValue < room.floor.rawValue else {
            fatalError("\(room.name) must not use \(used): it is not on a lower floor")
        }
    }
}

// MARK: - One room alone

/// With ATOLL_ROOMS=Market,Ledger the package holds only those rooms, what they stand on, and the
/// tests that need nothing else: the quick way to work in one room. ATOLL_TESTS=MarketTests narrows
/// the tests further.
let wanted: Set<String>? = Context.environment["ATOLL_ROOMS"].map { value in
    var names = Set(value.split(separator: ",").map(String.init))
    var grew = true
    while grew {
        grew = false
        for room in plan where names.contains(room.name) {
            for used in room.uses where names.insert(used).inserted { grew = true }
        }
    }
    return names
}
func isWanted(_ names: [String]) -> Bool {
    guard let wanted else { return true }
    return names.allSatisfy { wanted.contains($0) }
}

// MARK: - Targets

let dependencies = Context.packageDirectory + "/.deps"
let wasmtime: [LinkerSetting] = [
    .unsafeFlags([
        "-L\(dependencies)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(dependencies)/lib",
    ])
]
/// Nothing to load and nothing to look up when it starts (decision 0017).
let whole: [LinkerSetting] = [.unsafeFlags(["-static-executable"])]
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

let libraries: [Target] = [
    // Optimized in debug builds too: there the lanes of Ed25519 would be eighty times slower.
    .target(
        name: "CShims", path: "Sources/Foundations/CShims", cSettings: [.unsafeFlags(["-O2"])]),
    .systemLibrary(
        name: "CSodium", path: "Sources/Foundations/Libraries/CSodium", pkgConfig: "libsodium",
        providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(
        name: "CCrypto", path: "Sources/Foundations/Libraries/CCrypto", pkgConfig: "libcrypto",
        providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
        name: "CZlib", path: "Sources/Foundations/Libraries/CZlib", pkgConfig: "zlib",
        providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
        name: "CZstd", path: "Sources/Foundations/Libraries/CZstd", pkgConfig: "libzstd",
        providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(
        name: "CSSL", path: "Sources/Foundations/Libraries/CSSL", pkgConfig: "libssl",
        providers: [.apt(["libssl-dev"])]),
    .systemLibrary(
        name: "CNghttp2", path: "Sources/Foundations/Libraries/CNghttp2", pkgConfig: "libnghttp2",
        providers: [.apt(["libnghttp2-dev"])]),
    .systemLibrary(
        name: "CSQLite", path: "Sources/Foundations/Libraries/CSQLite", pkgConfig: "sqlite3",
        providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(
        name: "CPostgres", path: "Sources/Foundations/Libraries/CPostgres", pkgConfig: "libpq",
        providers: [.apt(["libpq-dev"])]),
    .systemLibrary(
        name: "CLMDB", path: "Sources/Foundations/Libraries/CLMDB", pkgConfig: "lmdb",
        providers: [.apt(["liblmdb-dev"])]),
    .systemLibrary(
        name: "CSeccomp", path: "Sources/Foundations/Libraries/CSeccomp", pkgConfig: "libseccomp",
        providers: [.apt(["libseccomp-dev"])]),
    .systemLibrary(
        name: "CYAML", path: "Sources/Foundations/Libraries/CYAML", pkgConfig: "yaml-0.1",
        providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
        name: "CNftables", path: "Sources/Foundations/Libraries/CNftables",
        pkgConfig: "libnftables", providers: [.apt(["libnftables-dev"])]),
    .target(
        name: "CWasmtime", path: "Sources/Foundations/Libraries/CWasmtime",
        linkerSettings: wasmtime),
]
let calledLibraries = Set(plan.filter { isWanted([$0.name]) }.flatMap(\.libraries))
var targets = libraries.filter { calledLibraries.contains($0.name) }
for room in plan where isWanted([room.name]) {
    let used = (room.uses + room.libraries).map { Target.Dependency(stringLiteral: $0) }
    let isExecutable = room.floor == .executables
    targets.append(
        isExecutable
            ? .executableTarget(
                name: room.name, dependencies: used, path: room.path, swiftSettings: strict,
                linkerSettings: room.name == "atoll-runtime" ? whole : nil)
            : .target(name: room.name, dependencies: used, path: room.path, swiftSettings: strict))
}
let wantedTests = Context.environment["ATOLL_TESTS"]?.split(separator: ",").map(String.init)
// What test targets share; no product stands on it.
if isWanted(["SystemEffects"]) {
    targets.append(
        .target(
            name: "TestSupport", dependencies: ["SystemEffects", "Effects"], path: "Tests/Support",
            swiftSettings: strict))
}
// What the tests of the ledger's modules share.
if isWanted(["Ledger"]) {
    targets.append(
        .target(
            name: "LedgerSupport", dependencies: ["Ledger"], path: "Tests/LedgerSupport",
            swiftSettings: strict))
}
for room in testPlan
where isWanted(room.uses + room.runs) && (wantedTests?.contains(room.name) ?? true) {
    targets.append(
        .testTarget(
            name: room.name,
            dependencies: (room.uses + room.libraries).map { Target.Dependency(stringLiteral: $0) },
            path: room.path, exclude: room.data, swiftSettings: strict))
}

let package = Package(name: "atoll", targets: targets)
