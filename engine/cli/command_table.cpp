// The commands and their options as rows; help is printed from here.
#include <array>

#include "engine/cli/options.hpp"

namespace fairway::cli {
namespace {

constexpr std::array options = {
    OptionRow{
        .name = "policy", .letter = 'p', .argument = "FILE", .doc = "the declared standard", .configurable = true},
    OptionRow{.name = "inventory",
              .letter = 'i',
              .argument = "FILE",
              .doc = "hosts and how they are reached",
              .configurable = true},
    OptionRow{.name = "store",
              .letter = 's',
              .argument = "FILE",
              .doc = "the journal (default: ~/.local/state/fairway/journal.db)",
              .configurable = true,
              .writes = true},
    OptionRow{.name = "out", .letter = 'o', .argument = "FILE", .doc = "where to write the plan; - is standard output"},
    OptionRow{.name = "ticket",
              .letter = 't',
              .argument = "TEXT",
              .doc = "change ticket of the plan; history: only runs for it, * for any text"},
    OptionRow{.name = "since", .argument = "TIME", .doc = "only runs that began then or later: 2026-11-22, or with time and zone"},
    OptionRow{.name = "until", .argument = "TIME", .doc = "only runs that began then or earlier"},
    OptionRow{.name = "cmdlets", .doc = "print the plan as a PowerShell script; Fairway does not run it"},
    OptionRow{.name = "resume", .argument = "RUN", .doc = "continue a run that was stopped or killed"},
    OptionRow{.name = "plan-id",
              .argument = "ID",
              .doc = "refuse any other plan; at least the first 12 digits of its digest"},
    OptionRow{.name = "host",
              .argument = "HOSTS",
              .doc = "only these: names (HV01,HV2*), tag:NAME or migration_domain:NAME; may be repeated",
              .repeated = true},
    OptionRow{.name = "except", .argument = "HOSTS", .doc = "not these hosts; written in the same way", .repeated = true},
    OptionRow{.name = "without-unreadable", .doc = "plan without the hosts that cannot be read, and list them"},
    OptionRow{.name = "max-failures",
              .argument = "N",
              .doc = "stop when the Nth host fails (1); until then skip the rest of each that failed"},
    OptionRow{.name = "setting", .argument = "NAME", .doc = "only this setting; may be repeated", .repeated = true},
    OptionRow{.name = "controller",
              .argument = "NAME",
              .doc = "use this domain controller instead of the run's own; may be repeated",
              .repeated = true},
    OptionRow{.name = "anew", .doc = "read every account, not only those that changed since the last audit"},
    OptionRow{.name = "full", .doc = "show each finding and each change separately; an audit then reads every account"},
    OptionRow{.name = "paths", .doc = "draw the paths of every migration domain, large ones too"},
    OptionRow{.name = "all", .doc = "also show findings of what complies"},
    OptionRow{.name = "dry-run", .doc = "show what would be done and write nothing"},
    OptionRow{.name = "yes", .letter = 'y', .doc = "do not ask for confirmation"},
    OptionRow{.name = "no-moves", .doc = "do not make trial moves"},
    OptionRow{.name = "converge",
              .argument = "SECONDS",
              .doc = "how long to wait until all domain controllers have them (900; 0: look once; none)"},
    OptionRow{.name = "wait-for-caches",
              .doc = "before trial moves, wait until the hosts have forgotten failed ticket requests"},
    OptionRow{.name = "accept-head",
              .argument = "ENTRY:HASH",
              .doc = "confirm that the journal ends with this entry and has lost nothing"},
    OptionRow{.name = "record",
              .argument = "DIR",
              .doc = "write each exchange with hosts and directory to a file, with names replaced"},
    OptionRow{.name = "output",
              .argument = "text|json",
              .doc = "form of the results",
              .configurable = true,
              .everywhere = true},
    OptionRow{.name = "color",
              .argument = "auto|always|never",
              .doc = "colour in text (NO_COLOR is honoured)",
              .configurable = true,
              .everywhere = true},
    OptionRow{.name = "log-level",
              .argument = "LEVEL",
              .doc = "trace, debug, info, warn, error or off",
              .configurable = true,
              .everywhere = true},
    OptionRow{.name = "log-file",
              .argument = "FILE",
              .doc = "log there instead of to stderr; - is standard output",
              .configurable = true,
              .everywhere = true,
              .writes = true},
    OptionRow{.name = "config",
              .argument = "FILE",
              .doc = "read this config file instead of the usual ones",
              .everywhere = true},
    OptionRow{.name = "help", .letter = 'h', .doc = "print how a command is used", .everywhere = true},
};

constexpr std::array<std::string_view, 10> audit_options = {
    "policy", "inventory", "store", "host", "except", "full", "all", "paths", "anew", "record"};
constexpr std::array<std::string_view, 10> plan_options = {
    "policy", "inventory", "store", "out", "ticket", "host", "except", "without-unreadable", "full", "record"};
constexpr std::array<std::string_view, 9> apply_options = {
    "inventory", "store", "resume", "controller", "plan-id", "host", "except", "max-failures", "record"};
constexpr std::array<std::string_view, 8> verify_options = {"policy",   "inventory", "store",           "controller",
                                                            "no-moves", "converge",  "wait-for-caches", "record"};
constexpr std::array<std::string_view, 11> rollback_options = {
    "inventory", "store", "controller", "ticket", "host", "except", "setting", "dry-run", "full", "yes", "record"};
constexpr std::array<std::string_view, 3> show_options = {"store", "cmdlets", "full"};
constexpr std::array<std::string_view, 2> explain_options = {"inventory", "record"};
constexpr std::array<std::string_view, 2> probe_options = {"inventory", "record"};
constexpr std::array<std::string_view, 2> spn_options = {"inventory", "record"};
constexpr std::array<std::string_view, 3> blame_options = {"inventory", "store", "record"};
constexpr std::array<std::string_view, 6> history_options = {"store", "accept-head", "since", "until", "ticket", "host"};

constexpr std::array commands = {
    CommandRow{"check", "FILE...", 1, 16, "find all mistakes in policies and inventories", {}},
    CommandRow{"schema", "policy|inventory|results", 1, 1, "print a JSON Schema for editors and scripts", {}},
    CommandRow{"settings", "", 0, 0, "print every setting and fact that Fairway knows", {}},
    CommandRow{"audit", "", 0, 0, "compare the estate with the policy; show paths and drift", audit_options},
    CommandRow{"plan", "", 0, 0, "plan the changes that make it comply; writes only the plan file", plan_options},
    CommandRow{"show", "PLAN|RUN", 1, 1, "show a plan file, or what a run did", show_options},
    CommandRow{"apply", "[PLAN]", 0, 1, "apply a reviewed plan, and nothing else", apply_options},
    CommandRow{"verify", "RUN", 1, 1, "check that a run's changes are still there and that VMs can move", verify_options},
    CommandRow{"rollback", "RUN", 1, 1, "put back what a run changed; what others changed stays", rollback_options},
    CommandRow{"explain", "FROM TO", 2, 2, "say whether a VM can move between two hosts, and if not, why", explain_options},
    CommandRow{"probe", "HOST...", 1, 256, "try to reach hosts, and show step by step what works", probe_options},
    CommandRow{"spn", "[HOST...]", 0, 256, "check that service principal names are present, correct and unique", spn_options},
    CommandRow{"blame", "HOST [SETTING]", 1, 2, "say when and where a host's account changed last, and by whom", blame_options},
    CommandRow{"history", "[RUN]", 0, 1, "list the runs of the journal, or show one", history_options},
    CommandRow{"version", "", 0, 0, "print the version", {}},
};

}  // namespace

std::span<const OptionRow> option_table() { return options; }
std::span<const CommandRow> command_table() { return commands; }

}  // namespace fairway::cli
