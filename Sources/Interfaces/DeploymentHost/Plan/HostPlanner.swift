// SPDX-License-Identifier: Apache-2.0
import Deployments

/// Compares what is wanted with what there is (HOST-2): a function of both, so that a host that was
/// away, or died between two steps, goes on where things stand.
struct HostPlanner {
    private let desired: DesiredState
    private let observed: ObservedState
    private var plan = HostSteps()

    /// The steps that can be done now; after them one looks again.
    static func steps(_ desired: DesiredState, _ observed: ObservedState) -> HostSteps {
        var planner = HostPlanner(desired: desired, observed: observed)
        planner.makePlaces()
        planner.removeSurplus()
        for copy in desired.copies { planner.advance(copy) }
        return planner.plan
    }

    private init(desired: DesiredState, observed: ObservedState) {
        self.desired = desired
        self.observed = observed
    }

    /// Networks and volumes come first: containers name them.
    private mutating func makePlaces() {
        for network in desired.networks
        where !observed.networks.contains(desired.lease.network(network.name)) {
            plan.steps.append(.makeNetwork(network))
        }
        for volume in desired.volumes
        where !observed.volumes.contains(desired.lease.volume(volume.name)) {
            plan.steps.append(.makeVolume(volume))
        }
    }

    /// What is no longer wanted at all.
    private mutating func removeSurplus() {
        let names = Set(desired.copies.map(\.name))
        for copy in observed.copies where !names.contains(copy.name) {
            plan.steps.append(.remove(id: copy.id))
        }
    }

    private mutating func advance(_ copy: CopyPlan) {
        guard let found = observed.copies.first(where: { $0.name == copy.name }) else {
            return begin(copy)
        }
        if found.fingerprint != copy.fingerprint { return replace(found, by: copy) }
        switch found.status {
        case .created:
            if let reason = hindrance(of: copy.service) {
                plan.waiting[copy.name] = reason
            } else {
                plan.steps.append(.start(id: found.id))
            }
        case .removing, .dead: plan.steps.append(.remove(id: found.id))
        // What ended, ended: whether it begins again is the engine's to say (HOST-4).
        case .running, .paused, .restarting, .exited: break
        }
    }

    private mutating func begin(_ copy: CopyPlan) {
        guard observed.images.contains(copy.service.image) else {
            let step = HostStep.pull(image: copy.service.image)
            if !plan.steps.contains(step) { plan.steps.append(step) }
            plan.waiting[copy.name] = "its image"
            return
        }
        plan.steps.append(.create(copy))
    }

    /// One copy of a service at a time makes way for its successor, and the next one only when that
    /// is well (HOST-3). A copy that does not run is in nobody's way.
    private mutating func replace(_ found: ObservedCopy, by copy: CopyPlan) {
        guard observed.images.contains(copy.service.image) else { return begin(copy) }
        let others = observed.copies.filter {
            $0.service == found.service && $0.name != found.name
        }
        let areWell = others.allSatisfy { isWell($0, of: copy.service) }
        let isAlone = desired.copies.filter { $0.service.name == found.service }.count == 1
        let isFirst = !plan.steps.contains { step in
            if case .remove(let id) = step { others.contains { $0.id == id } } else { false }
        }
        guard found.status != .running || isAlone || (areWell && isFirst && areAllThere(found))
        else {
            plan.waiting[copy.name] = "the other copies of \(found.service)"
            return
        }
        plan.steps.append(.remove(id: found.id))
    }

    /// Whether no other copy of the same service is missing.
    private func areAllThere(_ found: ObservedCopy) -> Bool {
        desired.copies.filter { $0.service.name == found.service }.allSatisfy { copy in
            observed.copies.contains { $0.name == copy.name }
        }
    }

    private func isWell(_ copy: ObservedCopy, of service: Service) -> Bool {
        guard copy.status == .running else { return false }
        return copy.health == .none || copy.health == .healthy
    }

    /// What a service waits for, or nothing.
    private func hindrance(of service: Service) -> String? {
        for dependency in service.dependencies {
            let wanted = desired.copies.filter { $0.service.name == dependency.service }
            let isMet = wanted.allSatisfy { copy in
                observed.copies.contains { $0.name == copy.name && Self.meets($0, dependency) }
            }
            if !isMet { return "\(dependency.service) (\(dependency.condition.name))" }
        }
        return nil
    }

    private static func meets(_ copy: ObservedCopy, _ dependency: Dependency) -> Bool {
        switch dependency.condition {
        case .started: copy.status == .running || copy.status == .exited
        case .healthy: copy.status == .running && copy.health == .healthy
        case .completed: copy.status == .exited && copy.exitCode == 0
        }
    }
}
