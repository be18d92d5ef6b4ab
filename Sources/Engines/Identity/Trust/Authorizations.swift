// SPDX-License-Identifier: Apache-2.0
public import JSONText

/// What a machine or an agent is about to do.
public struct PlannedTask: Hashable, Sendable {
    /// The operation.
    public var operation: String
    /// What the contract is worth, in base units.
    public var value: UInt128
    /// When.
    public var moment: Moment
    /// Where, if it is anywhere.
    public var place: Place?

    /// Plans a task.
    public init(operation: String, value: UInt128, moment: Moment, place: Place? = nil) {
        self.operation = operation
        self.value = value
        self.moment = moment
        self.place = place
    }
}

/// Why a task is not allowed.
public enum TaskRefusal: Error, Hashable, Sendable {
    /// The operation is not among those allowed.
    case operationNotAllowed
    /// The contract is worth more than allowed.
    case valueTooHigh
    /// The place lies outside.
    case outsideGeofence
    /// An area is set, and the task says no place.
    case placeUnknown
    /// Not at these hours.
    case outsideHours
    /// The budget does not reach.
    case overBudget
}

/// An owner's authorization, once its credential has been verified (IDENTITY-19).
public struct OwnerAuthorization: Hashable, Sendable {
    /// The machine.
    public let machine: DID
    /// What it may do.
    public let operations: [String]
    /// The most one contract may be worth, in base units.
    public let valueMax: UInt128
    /// Where, if not anywhere.
    public let geofence: Geofence?
    /// When, if not always.
    public let hours: OperatingHours?

    /// Reads a subject; nothing when it breaks the rules of its type.
    public init?(subject: JSON) {
        guard CredentialType.ownerAuthorization.violation(in: subject) == nil,
            let machine = subject["id"]?.text.flatMap({ DID($0) }),
            let operations = subject["allowedOperations"].flatMap(CredentialType.Kind.texts),
            let valueMax = subject["maximumContractValue"].flatMap(CredentialType.Kind.amount)
        else { return nil }
        self.machine = machine
        self.operations = operations
        self.valueMax = valueMax
        geofence = subject["geofence"].flatMap(Geofence.init(reading:))
        hours = subject["hours"].flatMap(OperatingHours.init(reading:))
    }

    /// All that speaks against a task; nothing when it is allowed.
    public func refusals(of task: PlannedTask) -> [TaskRefusal] {
        var refusals: [TaskRefusal] = []
        if !operations.contains(task.operation) { refusals.append(.operationNotAllowed) }
        if task.value > valueMax { refusals.append(.valueTooHigh) }
        if let geofence {
            if let place = task.place {
                if !geofence.contains(place) { refusals.append(.outsideGeofence) }
            } else {
                refusals.append(.placeUnknown)
            }
        }
        if let hours, !hours.contains(task.moment) { refusals.append(.outsideHours) }
        return refusals
    }
}

/// An agent's mandate, once its credential has been verified. What was spent is known elsewhere.
public struct AgentMandate: Hashable, Sendable {
    /// The agent.
    public let agent: DID
    /// Who hired it.
    public let hirer: DID
    /// The most it may spend in all, in base units.
    public let budget: UInt128
    /// What it may do.
    public let scope: [String]

    /// Reads a subject; nothing when it breaks the rules of its type.
    public init?(subject: JSON) {
        guard CredentialType.agentMandate.violation(in: subject) == nil,
            let agent = subject["id"]?.text.flatMap({ DID($0) }),
            let hirer = subject["hirer"]?.text.flatMap({ DID($0) }),
            let budget = subject["budget"].flatMap(CredentialType.Kind.amount),
            let scope = subject["scope"].flatMap(CredentialType.Kind.texts)
        else { return nil }
        self.agent = agent
        self.hirer = hirer
        self.budget = budget
        self.scope = scope
    }

    /// All that speaks against a task after so much was spent.
    public func refusals(of task: PlannedTask, spent: UInt128) -> [TaskRefusal] {
        var refusals: [TaskRefusal] = []
        if !scope.contains(task.operation) { refusals.append(.operationNotAllowed) }
        if spent > budget || task.value > budget - spent { refusals.append(.overBudget) }
        return refusals
    }
}
