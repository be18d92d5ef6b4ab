// SPDX-License-Identifier: Apache-2.0
public import ContainerImages
public import JSONText

/// Instructions of a Dockerfile that change how an image is run, and none of its files: what
/// `docker commit --change` and `docker import --change` take.
public enum ImageChanges {
    /// The settings of an image that a container may have otherwise.
    public static let settings = [
        "Env", "Cmd", "Entrypoint", "WorkingDir", "User", "Labels", "ExposedPorts", "Volumes",
        "Healthcheck", "StopSignal", "Shell",
    ]

    /// Whether a setting says nothing.
    public static func isEmpty(_ value: JSON) -> Bool {
        switch value {
        case .null, .string(""), .array([]), .object([]): true
        default: false
        }
    }

    /// Does what the instructions say.
    ///
    /// - Throws: ``BuildFailure`` for one that is none, or that changes files.
    public static func apply(
        _ changes: [String], to configuration: ImageConfiguration
    ) throws(BuildFailure) -> ImageConfiguration {
        guard !changes.isEmpty else { return configuration }
        let text = "FROM scratch\n" + changes.joined(separator: "\n")
        let file = try Dockerfile(Array(text.utf8))
        let request = BuildRequest()
        let plan = try BuildPlan(file, request)
        guard let step = plan.steps.last, file.stages.count == 1 else {
            throw BuildFailure("a change is no FROM")
        }
        var state = StageState(configuration, [], plan, step, request, escape: file.escape)
        for instruction in step.stage.instructions {
            switch instruction.kind {
            case .run, .copy: throw BuildFailure("'\(instruction.text)' changes files")
            default: _ = try state.apply(instruction)
            }
        }
        return state.configuration
    }
}
