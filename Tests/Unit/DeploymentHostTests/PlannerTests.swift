// SPDX-License-Identifier: Apache-2.0
import Deployments
import JSONText
import Testing

@testable import DeploymentHost

/// An engine that does what it is told at once, without containers.
struct PaperEngine {
    var observed = ObservedState()
    var made = 0

    mutating func perform(_ steps: HostSteps, for lease: LeaseName) {
        for step in steps.steps {
            switch step {
            case .makeNetwork(let network): observed.networks.insert(lease.network(network.name))
            case .makeVolume(let volume): observed.volumes.insert(lease.volume(volume.name))
            case .pull(let image): observed.images.insert(image)
            case .create(let copy):
                made += 1
                observed.copies.append(
                    ObservedCopy(
                        id: "\(made)", name: copy.name, service: copy.service.name,
                        number: copy.number, fingerprint: copy.fingerprint, status: .created))
            case .start(let id): change(id, to: .running)
            case .remove(let id): observed.copies.removeAll { $0.id == id }
            }
        }
    }

    mutating func change(
        _ id: String, to status: ObservedCopy.Status, _ health: ObservedCopy.Health = .none,
        exitCode: Int64 = 0
    ) {
        guard let place = observed.copies.firstIndex(where: { $0.id == id }) else { return }
        let old = observed.copies[place]
        observed.copies[place] = ObservedCopy(
            id: old.id, name: old.name, service: old.service, number: old.number,
            fingerprint: old.fingerprint, status: status, health: health, exitCode: exitCode)
    }

    func running(_ service: String) -> Int {
        observed.copies.count { $0.service == service && $0.status == .running }
    }
}

@Suite("Deployment host: what is to be done")
struct PlannerTests {
    let lease: LeaseName
    /// A page, two workers and a database with a volume.
    let shop: Deployment

    init() throws {
        lease = try #require(LeaseName(String(repeating: "5a", count: 32)))
        var web = Service("web", image: "shop/web:1")
        web.networks = [NetworkAttachment("default")]
        web.dependencies = [Dependency("database", .healthy)]
        var worker = Service("worker", image: "shop/worker:1")
        worker.networks = [NetworkAttachment("default")]
        worker.replicas = 2
        worker.dependencies = [Dependency("database", .started)]
        var database = Service("database", image: "shop/database:1")
        database.networks = [NetworkAttachment("default")]
        database.mounts = [Mount(.volume("data", subpath: nil), at: "/data")]
        shop = Deployment(
            "shop", services: [database, web, worker], volumes: [Volume("data")])
    }

    private func steps(_ deployment: Deployment, _ engine: PaperEngine) -> HostSteps {
        HostPlanner.steps(
            DesiredState(deployment, group: "main", lease: lease), engine.observed)
    }

    /// Looks and acts until nothing is left, or so often.
    private func settle(
        _ deployment: Deployment, _ engine: inout PaperEngine, looksMax: Int = 10
    ) -> HostSteps {
        var last = HostSteps()
        for _ in 0..<looksMax {
            last = steps(deployment, engine)
            if last.steps.isEmpty { break }
            engine.perform(last, for: lease)
        }
        return last
    }

    @Test("networks and volumes come first, then what others wait for, then the others (HOST-4)")
    func order() {
        var engine = PaperEngine()
        let first = steps(shop, engine).steps
        #expect(
            first.prefix(2) == [.makeNetwork(DeploymentNetwork()), .makeVolume(Volume("data"))])
        #expect(
            settle(shop, &engine).waiting == [
                "atoll-5a5a5a5a5a5a-web-1": "database (service_healthy)"
            ])
        #expect(engine.running("database") == 1 && engine.running("worker") == 2)
        #expect(engine.running("web") == 0)
        let database = engine.observed.copies.first { $0.service == "database" }
        engine.change(database?.id ?? "", to: .running, .healthy)
        #expect(settle(shop, &engine).isSettled)
        #expect(engine.running("web") == 1 && engine.made == 4)
    }

    @Test("looking again when all is settled does nothing (HOST-2)")
    func idle() {
        var engine = PaperEngine()
        _ = settle(shop, &engine)
        engine.change("1", to: .running, .healthy)
        _ = settle(shop, &engine)
        #expect(steps(shop, engine) == HostSteps())
    }

    @Test("a host that died after any step goes on where things stand (HOST-2)")
    func resumed() {
        var whole = PaperEngine()
        let all = settle(shop, &whole)
        for cut in 0..<12 {
            var engine = PaperEngine()
            var left = cut
            while left > 0 {
                let plan = steps(shop, engine)
                guard let next = plan.steps.first else { break }
                engine.perform(HostSteps(steps: [next]), for: lease)
                left -= 1
            }
            #expect(settle(shop, &engine) == all)
            #expect(
                Set(engine.observed.copies.map(\.name)) == Set(whole.observed.copies.map(\.name)))
            #expect(engine.made == whole.made)
        }
    }

    @Test(
        "a new version takes the place of one copy after the other (HOST-3)"
    )
    func rolling() throws {
        var engine = PaperEngine()
        _ = settle(shop, &engine)
        var newer = shop
        newer.services[2].image = "shop/worker:2"
        var least = 2
        for _ in 0..<20 {
            let plan = steps(newer, engine)
            engine.perform(plan, for: lease)
            least = min(least, engine.running("worker"))
        }
        #expect(least == 1)
        let wanted = DesiredState(newer, group: "main", lease: lease).copies
            .filter { $0.service.name == "worker" }.map(\.fingerprint)
        let found = engine.observed.copies.filter { $0.service == "worker" }
        #expect(found.map(\.fingerprint).sorted() == wanted.sorted())
        #expect(engine.running("worker") == 2 && engine.running("database") == 1)
    }

    @Test("while the new copy is unwell the old one stays (HOST-3)")
    func stuck() {
        var engine = PaperEngine()
        _ = settle(shop, &engine)
        var newer = shop
        newer.services[2].image = "shop/worker:2"
        var seen: Set<String> = []
        for _ in 0..<20 {
            engine.perform(steps(newer, engine), for: lease)
            let young = engine.observed.copies.filter {
                $0.service == "worker" && Int($0.id) ?? 0 > 4 && $0.status == .running
            }
            for copy in young where seen.insert(copy.id).inserted {
                engine.change(copy.id, to: .running, .unhealthy)
            }
        }
        #expect(seen.count == 1)
        #expect(engine.running("worker") == 2)
        #expect(steps(newer, engine).waiting.values.contains("the other copies of worker"))
    }

    @Test("fewer copies end, and how many there are replaces none (HOST-3)")
    func scaled() {
        var engine = PaperEngine()
        _ = settle(shop, &engine)
        var smaller = shop
        smaller.services[2].replicas = 1
        let plan = steps(smaller, engine).steps
        #expect(plan.count == 1)
        engine.perform(HostSteps(steps: plan), for: lease)
        #expect(engine.observed.copies.filter { $0.service == "worker" }.map(\.number) == [1])
    }

    @Test(
        "a program that ended is not begun again, and those begin that waited for its end (HOST-4)"
    )
    func ended() throws {
        var job = Service("job", image: "shop/job:1")
        job.dependencies = []
        var after = Service("after", image: "shop/after:1")
        after.dependencies = [Dependency("job", .completed)]
        let chain = Deployment("chain", services: [after, job])
        var engine = PaperEngine()
        _ = settle(chain, &engine)
        let id = try #require(engine.observed.copies.first { $0.service == "job" }?.id)
        engine.change(id, to: .exited, exitCode: 1)
        #expect(steps(chain, engine).waiting.count == 1 && steps(chain, engine).steps.isEmpty)
        engine.change(id, to: .exited, exitCode: 0)
        #expect(settle(chain, &engine).isSettled && engine.running("after") == 1)
    }
}
