// What is assumed of Active Directory that reading can try: one row for each fact of FACTS.md, each with a judge that
// looks at what was heard. Pure: the same answers give the same verdicts.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/model/assumption.hpp"
#include "providers/ldap/contact/questions.hpp"

namespace fairway::ldap {

struct AssumptionRow {
    std::string_view fact, assumed, how, refuted_by;
    std::vector<Subject> subjects;
    Judgement (*judge)(const Heard& heard);
};
std::span<const AssumptionRow> assumption_rows();

// The judges: of accounts (judge_account.cpp), of controllers and their forest (judge_forest.cpp).
namespace judge {
Judgement letters(const Heard& heard);
Judgement counter(const Heard& heard);
Judgement hidden(const Heard& heard);
Judgement slices(const Heard& heard);
Judgement descriptor(const Heard& heard);
Judgement stamps(const Heard& heard);
Judgement stamps_as_xml(const Heard& heard);
Judgement stamps_shown(const Heard& heard);
Judgement additional_names(const Heard& heard);
Judgement own_names(const Heard& heard);
Judgement migration_names(const Heard& heard);
Judgement state_of_account(const Heard& heard);
Judgement groups(const Heard& heard);
Judgement expiry(const Heard& heard);

Judgement servers(const Heard& heard);
Judgement catalogue(const Heard& heard);
Judgement ping(const Heard& heard);
Judgement names_in_ping(const Heard& heard);
Judgement controller_names(const Heard& heard);
Judgement realm(const Heard& heard);
Judgement deleted_objects(const Heard& heard);
Judgement recycle_bin(const Heard& heard);
Judgement clock(const Heard& heard);
Judgement mappings(const Heard& heard);
}  // namespace judge

}  // namespace fairway::ldap
