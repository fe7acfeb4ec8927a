// See policy_shape.hpp. The table from the inside out; the document itself is at the end.
#include "engine/policy/policy_shape.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/policy/reading.hpp"
#include "engine/policy/rollout_shape.hpp"
#include "engine/policy/scalar_shapes.hpp"
#include "engine/policy/spelling.hpp"
#include "engine/policy/want_shapes.hpp"
#include "engine/policy/words.hpp"

namespace fairway {
namespace policy_table {
namespace {

using Form = Shape::Form;

constexpr std::array<std::string_view, 2> kinds = {hosts_word, computers_word};

const Shape sentence = text_of("a sentence");
const Shape person = text_of("a person or a team that is responsible for it");
const Shape identifier = text_of("a name", spelling::identifier);
const Shape host_name = text_of("a host's name", spelling::host_name);
const Shape host_pattern = text_of("a pattern of host names", spelling::host_pattern);
const Shape time_text = text_of("a time (RFC 3339 with a zone)", spelling::timestamp);
const Shape severity{.form = Form::text, .what = "a severity", .choices = severity_words};
const Shape risk{.form = Form::text, .what = "a risk", .choices = risk_words};
const Shape truth{.form = Form::boolean, .what = "true or false"};

std::string rule_label(const Node& rule) {
    const std::string id = text_at(rule, "id");
    return id.empty() ? "a rule" : fmt::format("rule `{}`", id);
}

std::string exception_label(const Node& exception) {
    const std::string host = text_at(exception, "host");
    return host.empty() ? "an exception" : fmt::format("the exception for {}", host);
}

// on: hosts, on: {tag: rack-a}, on: {except: [HV03]}
constexpr std::array<std::string_view, 1> tag_keys = {"tag"}, migration_domain_keys = {"migration_domain"},
                                          name_keys = {"name"}, hosts_keys = {"hosts"}, except_keys = {"except"};
constexpr std::array select_alternatives = {Alternative{tag_keys}, Alternative{migration_domain_keys},
                                            Alternative{name_keys}, Alternative{hosts_keys}, Alternative{except_keys}};
const Shape host_names{.form = Form::list,
                       .what = "a list of hosts",
                       .element = &host_name,
                       .distinct = true,
                       .if_empty = "empty: it must name a host"};
const std::array select_fields = {
    Field{.key = "tag", .shape = &identifier, .doc = "Hosts with this tag in the inventory."},
    Field{
        .key = "migration_domain", .shape = &identifier, .doc = "Hosts of this migration domain.", .formerly = "group"},
    Field{.key = "name", .shape = &host_pattern, .doc = "Hosts whose name fits, with * and ?."},
    Field{.key = "hosts", .shape = &host_names, .doc = "These hosts, by the inventory's names."},
    Field{.key = "except", .shape = &host_names, .doc = "All hosts but these, by the inventory's names."},
};
const Shape select_map{.form = Form::map,
                       .what = "a map with `tag`, `migration_domain`, `name`, `hosts` or `except`",
                       .fields = select_fields,
                       .alternatives = select_alternatives};
const Shape kind_word{.form = Form::text, .what = "hosts or computers", .choices = kinds};
const std::array select_options = {&kind_word, &select_map};
const Shape select_shape{
    .form = Form::either,
    .what = "hosts, or computers, or a map with `tag`, `migration_domain`, `name`, `hosts` or `except`",
    .options = select_options};

const Shape setting_name{
    .form = Form::text, .what = "the name of a setting", .choices = managed_settings(), .noun = "setting"};

const std::array rule_fields = {
    Field{.key = "id",
          .shape = &identifier,
          .doc = "The rule's name in reports, plans and exceptions.",
          .lack = "has no name",
          .purpose = "unique in the policy"},
    Field{.key = "why",
          .shape = &sentence,
          .doc = "The reason, for those who review a change that the rule asks for.",
          .lack = "has no reason",
          .purpose = "every rule says why"},
    Field{.key = "severity", .shape = &severity, .doc = "How bad a deviation is.", .fallback = "medium"},
    Field{.key = "on",
          .shape = &select_shape,
          .doc = "hosts: every host; computers: every host's account in the directory; or those that a tag, a "
                 "migration domain, a pattern of names or a list of names picks.",
          .lack = "does not say where it holds",
          .purpose = "hosts, computers, or a map with tag, migration_domain, name, hosts or except"},
    Field{.key = "want",
          .shape = &want_shape(),
          .doc = "Settings, and what they must be.",
          .lack = "wants nothing",
          .purpose = "settings and their values"},
};
const Shape rule{
    .form = Form::map, .what = "a map with `id`, `why`, `on` and `want`", .fields = rule_fields, .label = rule_label};
const Shape rules{
    .form = Form::list, .what = "a list of rules", .element = &rule, .if_empty = "empty: a policy needs a rule"};

const std::array exception_fields = {
    Field{.key = "host",
          .shape = &host_name,
          .doc = "The host's name, as in the inventory.",
          .lack = "names no host",
          .purpose = "a host of the inventory"},
    Field{.key = "rule", .shape = &identifier, .doc = "The rule that may be broken; left out: every rule."},
    Field{.key = "setting",
          .shape = &setting_name,
          .doc = "The setting that may deviate.",
          .lack = "names no setting",
          .purpose = "the one setting that may deviate"},
    Field{.key = "owner",
          .shape = &person,
          .doc = "Who is responsible for it.",
          .lack = "has no owner",
          .purpose = "somebody is responsible for every exception"},
    Field{.key = "reason",
          .shape = &sentence,
          .doc = "Why it is needed, and what will end it.",
          .lack = "has no reason",
          .purpose = "why it is needed"},
    Field{.key = "until",
          .shape = &time_text,
          .doc = "When it ends; from then on it covers nothing.",
          .lack = "has no end",
          .purpose = "RFC 3339 with a zone"},
};
const Shape exception{.form = Form::map,
                      .what = "a map with `host`, `setting`, `owner`, `reason` and `until`",
                      .fields = exception_fields,
                      .label = exception_label};
const Shape exceptions{.form = Form::list, .what = "a list of exceptions", .element = &exception};

const Shape host_count{
    .form = Form::integer, .what = "a number of hosts", .least = 0, .most = 100'000, .unit = "hosts"};
const Shape path_count{
    .form = Form::integer, .what = "a number of paths", .least = 0, .most = 1'000'000'000, .unit = "paths"};
const Shape value_count{
    .form = Form::integer, .what = "a number of values", .least = 0, .most = 1'000'000'000, .unit = "values"};
const Shape share = text_of("a share", spelling::percent);
const std::array host_limit_options = {&host_count, &share}, path_limit_options = {&path_count, &share},
                 value_limit_options = {&value_count, &share};
const Shape host_limit{.form = Form::either,
                       .what = "a share like 50% or a number of hosts from 0 to 100000",
                       .options = host_limit_options};
const Shape path_limit{.form = Form::either,
                       .what = "a share like 50% or a number of paths from 0 to 1000000000",
                       .options = path_limit_options};
const Shape value_limit{.form = Form::either,
                        .what = "a share like 50% or a number of values from 0 to 1000000000",
                        .options = value_limit_options};
// What holds where they are left out: model/limits.
const std::array limit_fields = {
    Field{.key = "hosts",
          .shape = &host_limit,
          .doc = "How many hosts one plan may change, as a share of the hosts or a count. Left out: 50%, but 16 in any "
                 "case and at most 100."},
    Field{.key = "risk",
          .shape = &risk,
          .doc = "The highest risk that one of its changes may have. `critical` also lets a plan grant what "
                 "gives the whole domain to somebody who takes over a host.",
          .fallback = "high"},
    Field{.key = "paths_closed",
          .shape = &path_limit,
          .doc = "How many open paths its steps may close on the way, as a share of the paths that are open or a "
                 "count. Left out: 50%, but 240 in any case."},
    Field{.key = "values_removed",
          .shape = &value_limit,
          .doc = "How many values it may remove from lists in the directory, as a share of all values of these lists "
                 "or a count. Left out: 25%, but 1000 in any case."},
    Field{.key = "rollbacks",
          .shape = &truth,
          .doc = "Whether rollbacks of its runs must stay within those of these limits that stand here. Without it "
                 "putting back is never refused.",
          .fallback = "false"},
};
const Shape limits{.form = Form::map,
                   .what = "a map with `hosts`, `risk`, `paths_closed`, `values_removed`, `rollbacks`",
                   .fields = limit_fields};
constexpr std::array<std::string_view, 1> requirements = {"probed"};
const Shape requirement{.form = Form::text, .what = "what apply requires of hosts", .choices = requirements};
const std::array rollout_fields = {
    Field{.key = "limits", .shape = &limits, .doc = "A plan that exceeds one of these is refused."},
    Field{.key = "require",
          .shape = &requirement,
          .doc = "probed: apply changes only hosts of a Windows build that `probe --assume` tried, and that refuted no "
                 "assumption."},
    Field{
        .key = "canary",
        .shape = &rollout_shapes().canary,
        .doc = "The hosts of the first wave: so many, or these. Without `canary` and `waves` all hosts are one phase."},
    Field{.key = "waves",
          .shape = &rollout_shapes().waves,
          .doc = "How many hosts each further wave takes, as a share of those that the plan changes, a number, or "
                 "`rest`. What they leave is one more wave."},
    Field{.key = "per",
          .shape = &rollout_shapes().per,
          .doc = "estate: sizes are of all hosts of the plan; migration_domain: of those of each migration domain, "
                 "which make their waves side by side.",
          .fallback = "estate"},
    Field{
        .key = "order",
        .shape = &rollout_shapes().order,
        .doc =
            "Which hosts come first. paths: one migration domain after the other, and in each so that most paths stay "
            "open; migration_domain: the same, but by name in each; name; or a map with `tags`.",
        .fallback = "paths"},
    Field{.key = "pause_minutes",
          .shape = &rollout_shapes().pause,
          .doc = "How many minutes apply waits after each wave, at least.",
          .fallback = "0"},
    Field{.key = "gates",
          .shape = &rollout_shapes().gates,
          .doc = "What must be so behind each wave before the next one begins. replication: every domain controller "
                 "has what the run wrote; values: they read back as written; paths: as many are open as the plan says; "
                 "idle: no migration runs that the next wave would disturb; events: the wave's hosts logged no error "
                 "since it began; trials: the VMs of `verify` move there and back. Left out: all but trials."},
    Field{.key = "window",
          .shape = &rollout_shapes().window,
          .doc = "When apply may make changes. Nothing begins outside of it, and no wave begins whose estimate and the "
                 "time to undo all that is done no longer fit."},
    Field{.key = "max_failures",
          .shape = &rollout_shapes().max_failures,
          .doc = "At so many failed hosts of one wave the run ends, as a number or a share of the wave's hosts. It "
                 "goes on without the hosts that failed before. `apply --max-failures` counts over the whole run "
                 "instead.",
          .fallback = "1"},
    Field{.key = "on_failure",
          .shape = &rollout_shapes().on_failure,
          .doc =
              "What follows when a failure, a gate or the window ends a run: stop, and leave what is done; rollback, "
              "and put it back; ask, at a terminal.",
          .fallback = "stop"},
};
const Shape rollout{
    .form = Form::map, .what = "a map with `limits`, `require`, `canary` and `waves`", .fields = rollout_fields};

const Shape vm_name = text_of("the name of a VM");
const Shape vm_names{.form = Form::list,
                     .what = "a list of names of VMs",
                     .element = &vm_name,
                     .distinct = true,
                     .if_empty = "empty: the trial moves name no VM"};
const std::array vm_options = {&vm_name, &vm_names};
const Shape vms{.form = Form::either, .what = "the name of a VM, or a list of names", .options = vm_options};
const Shape vm_id = text_of("the id of a VM", spelling::guid);
const Shape pairs{.form = Form::text, .what = "which pairs of hosts", .choices = pairs_words};
const Shape pair_count{.form = Form::integer, .what = "a number of pairs", .least = 1, .most = 10'000, .unit = "pairs"};
const Shape megabytes{.form = Form::integer, .what = "a size in MB", .least = 1, .most = 1'048'576, .unit = "MB"};
const Shape alternate{.form = Form::text, .what = "`alternate`", .choices = alternate_words};
const std::array storage_options = {&truth, &alternate};
const Shape storage{.form = Form::either, .what = "true, false or `alternate`", .options = storage_options};
const std::array move_fields = {
    Field{.key = "vm",
          .shape = &vms,
          .doc = "A small VM that Fairway may move, or several; each makes the moves of its own migration domain.",
          .lack = "name no VM",
          .purpose = "a small VM that Fairway may move"},
    Field{.key = "id", .shape = &vm_id, .doc = "Its id (a GUID), so that no other VM of that name is moved."},
    Field{.key = "pairs",
          .shape = &pairs,
          .doc = "ring: every host hands to the next, and back; all: every ordered pair; sample: as many pairs as "
                 "`sample` says, drawn by chance, there and back.",
          .fallback = "ring"},
    Field{.key = "sample", .shape = &pair_count, .doc = "How many pairs `pairs: sample` draws.", .fallback = "3"},
    Field{.key = "storage",
          .shape = &storage,
          .doc = "Whether its storage moves as well; alternate: with every second move.",
          .fallback = "false"},
    Field{.key = "max_memory_mb",
          .shape = &megabytes,
          .doc = "A VM that starts with more memory than this is not moved.",
          .fallback = "1024"},
    Field{.key = "blackout",
          .shape = &truth,
          .doc = "Whether to read from the hosts' event logs, after the moves, how long the VM stood still in each. It "
                 "takes some seconds a host.",
          .fallback = "false"},
};
const Shape moves{
    .form = Form::map, .what = "a map with `vm`, `pairs`, `storage`", .fields = move_fields, .label = [](const Node&) {
        return std::string("the trial moves");
    }};
const std::array verify_fields = {
    Field{.key = "moves", .shape = &moves, .doc = "Trial moves that prove the paths."},
};
const Shape verify{.form = Form::map, .what = "a map with `moves`", .fields = verify_fields};

// The files that a policy includes: what many policies share, and nothing that tells how one of them is carried out.
constexpr Field exceptions_field{
    .key = "exceptions",
    .shape = &exceptions,
    .doc = "Deviations that somebody is responsible for, until they end. Each covers one setting of one host."};
const std::array included_fields = {Field{.key = "rules", .shape = &rules, .doc = "What must hold, and why."},
                                    exceptions_field};
const Shape included_file =
    text_of("the name of a file in the policy's folder or in one below it", spelling::file_below);
const Shape include{
    .form = Form::list, .what = "a list of files", .element = &included_file, .if_empty = "empty: leave it out"};

const std::array policy_fields = {
    Field{.key = "policy",
          .shape = &identifier,
          .doc = "The policy's name.",
          .lack = "has no name",
          .purpose = "every plan and report shows it"},
    Field{.key = "owner",
          .shape = &person,
          .doc = "Who is responsible for it.",
          .lack = "has no owner",
          .purpose = "who is responsible for it"},
    Field{.key = "why",
          .shape = &sentence,
          .doc = "What the standard is for.",
          .lack = "has no reason",
          .purpose = "what the standard is for"},
    Field{.key = "rules",
          .shape = &rules,
          .doc = "What must hold, and why.",
          .lack = "has no rules",
          .purpose = "a list of rules",
          .unless = "include"},
    Field{.key = "include",
          .shape = &include,
          .doc =
              "Files with further `rules` and `exceptions`, so that several policies can share them. They are in the "
              "policy's folder or in one below it."},
    exceptions_field,
    Field{.key = "rollout",
          .shape = &rollout,
          .doc = "Limits of one plan, what its hosts must be, in which waves it changes them, when, and what follows a "
                 "failure."},
    Field{.key = "verify", .shape = &verify, .doc = "How the result is proved."},
};
const Shape policy{
    .form = Form::map, .what = "a policy: a map with `policy`, `owner`, `why` and `rules`", .fields = policy_fields};

std::string only_in_a_policy(const Shape&, const Entry& entry) {
    if (entry.key == "include")
        return "an included file includes no other: name that one in the `include` of the policy";
    const auto of_policy = [&](const Field& field) { return field.key == entry.key; };
    if (std::none_of(policy_fields.begin(), policy_fields.end(), of_policy)) return {};
    return fmt::format("`{}` belongs in the policy itself: an included file has `rules` and `exceptions` alone",
                       entry.key);
}
const Shape included{.form = Form::map,
                     .what = "a map with `rules` or `exceptions`",
                     .if_empty = "has neither `rules` nor `exceptions`",
                     .fields = included_fields,
                     .unknown = only_in_a_policy};

}  // namespace
}  // namespace policy_table

const Shape& policy_shape() { return policy_table::policy; }
const Shape& included_shape() { return policy_table::included; }

}  // namespace fairway
