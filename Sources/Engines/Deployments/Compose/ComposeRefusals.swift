// SPDX-License-Identifier: Apache-2.0

/// Why what compose files may say cannot be honoured on other people's machines (DEPLOY-6). What is
/// not listed here and not read anywhere is not known.
enum ComposeRefusals {
    static let file = [
        "include": "one file is one deployment: merge the files first (docker compose config)",
        "models": "models are not served by deployments yet",
    ]

    static let volumeOptions = [
        "type": "what lies under a volume is the provider's to choose; give its size",
        "device": "what lies under a volume is the provider's to choose; give its size",
        "o": "what lies under a volume is the provider's to choose; give its size",
    ]

    static let volume = ["driver_opts": "only a size can be asked for"]

    static let network = [
        "ipam": "addresses are the provider's to choose; services find each other by name",
        "driver_opts": "how packets travel is the provider's to choose",
    ]

    static let secret = [
        "driver": "there are no drivers for secrets here",
        "driver_opts": "there are no drivers for secrets here",
        "template_driver": "there are no templates here",
        "content": "a secret in the file is no secret: use file, environment or external",
    ]

    private static let machine = "what reaches the machine is not given to strangers"
    private static let kernel = "settings of the kernel belong to the provider"
    private static let shares = "resources are promised in processors and bytes (deploy.resources)"
    private static let names = "services find each other by name on their networks"

    static let service: [String: String] = [
        "privileged": "privileged containers are not run on other people's machines",
        "devices": machine, "device_cgroup_rules": machine, "gpus": "devices are not leased yet",
        "runtime": "the runtime is the provider's",
        "userns_mode": "every deployment has users of its own", "cgroup": machine,
        "cgroup_parent": machine, "uts": machine, "isolation": machine, "sysctls": kernel,
        "credential_spec": machine, "oom_kill_disable": machine, "oom_score_adj": machine,
        "use_api_socket": machine,
        "cpu_count": shares, "cpu_percent": shares, "cpu_shares": shares, "cpu_period": shares,
        "cpu_quota": shares, "cpu_rt_runtime": shares, "cpu_rt_period": shares, "cpuset": shares,
        "mem_swappiness": shares, "memswap_limit": "there is no swap: leave it out",
        "blkio_config": shares, "pid_limit": shares,
        "links": names, "external_links": names, "mac_address": "addresses are the provider's",
        "dns": "names are answered by the provider",
        "dns_opt": "names are answered by the provider",
        "dns_search": "names are answered by the provider", "domainname": names,
        "volumes_from": "name the volume in both services",
        "extends": "one file is one deployment: merge the files first (docker compose config)",
        "pull_refresh_after": "an image is asked for when a copy starts (pull_policy: always)",
        "label_file": "write the labels into labels", "annotations": "labels are what is kept here",
        "develop": "a deployment is not a place of development: leave it out",
        "post_start": "put it into the image's entrypoint",
        "pre_stop": "let the program answer the signal to stop",
        "provider": "what compose runs outside of containers is not deployed",
        "models": "models are not served by deployments yet",
    ]

    static let deploy = [
        "placement": "machines are chosen by the market, by what providers announce",
        "update_config":
            "an update replaces one copy after the other, and goes back when one fails",
        "rollback_config":
            "an update replaces one copy after the other, and goes back when one fails",
    ]

    static let devices = "devices are not leased yet"
}
