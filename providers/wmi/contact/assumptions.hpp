// What is assumed of Windows that a question can try: one row for each fact of FACTS.md, each with a judge that looks
// at what was heard. Pure: the same evidence gives the same verdicts.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/model/assumption.hpp"
#include "providers/wmi/contact/questions.hpp"

namespace fairway::wmi {

// Of a question that should be answered: why there is nothing to judge by. Nothing: it was answered, without a fault.
std::optional<Judgement> unanswered(const Evidence& seen, Question question);

struct AssumptionRow {
    std::string_view fact, assumed, how, refuted_by;
    std::vector<Question> questions;
    Judgement (*judge)(const Evidence& seen);
};
std::span<const AssumptionRow> assumption_rows();

// The judges: of messages (judge_messages.cpp), of the event log (judge_events.cpp), of what a host is
// (judge_host.cpp), of what is asked beside settings (judge_sights.cpp).
namespace judge {
Judgement locale(const Evidence& seen);
Judgement batch_namespaces(const Evidence& seen);
Judgement one_at_a_time(const Evidence& seen);
Judgement release(const Evidence& seen);
Judgement object_and_reference(const Evidence& seen);
Judgement null_values(const Evidence& seen);
Judgement dates(const Evidence& seen);
Judgement references(const Evidence& seen);
Judgement fault_statuses(const Evidence& seen);
Judgement sign_on(const Evidence& seen);
Judgement sealed_frame(const Evidence& seen);
Judgement bare_uris(const Evidence& seen);
Judgement columns(const Evidence& seen);
Judgement unknown_things(const Evidence& seen);
Judgement either(const Evidence& seen);
Judgement only_child(const Evidence& seen);
Judgement return_value(const Evidence& seen);
Judgement http_dates(const Evidence& seen);
Judgement long_head(const Evidence& seen);
Judgement in_the_clear(const Evidence& seen);

Judgement query_list(const Evidence& seen);
Judgement pulled_events(const Evidence& seen);
Judgement many_selects(const Evidence& seen);
Judgement unknown_channel(const Evidence& seen);

Judgement service_keys(const Evidence& seen);
Judgement authentication(const Evidence& seen);
Judgement performance(const Evidence& seen);
Judgement tags(const Evidence& seen);
Judgement subnets(const Evidence& seen);
Judgement listeners(const Evidence& seen);
Judgement cluster_limit(const Evidence& seen);
Judgement cluster_service(const Evidence& seen);
Judgement credential_guard(const Evidence& seen);
Judgement realm(const Evidence& seen);
Judgement machines(const Evidence& seen);
Judgement same_again(const Evidence& seen);
Judgement domain_and_build(const Evidence& seen);

Judgement clock(const Evidence& seen);
Judgement pings(const Evidence& seen);
Judgement resolver_cache(const Evidence& seen);
Judgement listening_ports(const Evidence& seen);
Judgement memory(const Evidence& seen);
Judgement migration_jobs(const Evidence& seen);
Judgement cluster_nodes(const Evidence& seen);
Judgement enabled_state(const Evidence& seen);
}  // namespace judge

}  // namespace fairway::wmi
