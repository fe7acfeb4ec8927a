// A plan as a file: canonical JSON, the same bytes for the same plan, with a digest over all of it so that
// an edited or truncated plan is distinguished from a reviewed one. Pure.
//
// A change of a set stands as `before`, `add` and `remove`; `after` follows. Of a list of more than 32 values the
// change has the numbers in `names`, where each of them stands once: {"names": ["0-11", "16-63"]}. Its risk is in the
// file because it was found out with the directory's help; what can be told from the change alone is never believed to
// be less (plan/risk). Commands are not in the file: they follow from the catalogue.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "engine/base/json_fwd.hpp"
#include "engine/model/plan.hpp"

namespace fairway {

inline constexpr std::int64_t plan_format = 5;
inline constexpr std::size_t largest_plan_file = std::size_t{1} << 30;  // bytes

std::string print_plan(const Plan& plan);
std::string_view digest_in(std::string_view file);  // that a plan file ends with; not checked; empty: it has none
bool has_its_digest(std::string_view file);  // it ends as our files do, with the digest of all that stands before
std::string_view plan_id(std::string_view digest);  // as people read it: its first 12 digits

// A plan with its file: printed, or parsed, once. That of an older format stays as it was written, and so does its
// digest.
class PlanFile {
public:
    PlanFile(Plan plan) : plan_(std::move(plan)), bytes_(print_plan(plan_)) {}  // a plan where its file is wanted

    const Plan& operator*() const { return plan_; }
    const Plan* operator->() const { return &plan_; }
    const std::string& bytes() const { return bytes_; }
    std::string_view digest() const { return digest_in(bytes_); }
    std::string_view id() const { return plan_id(digest()); }
    Json json() const;  // the file as a part of a result

private:
    friend Result<PlanFile> parse_plan(std::string text);
    PlanFile(Plan plan, std::string bytes) : plan_(std::move(plan)), bytes_(std::move(bytes)) {}

    Plan plan_;
    std::string bytes_;
};

// Code::bad_input for what is no plan of ours (with what is wrong where), was cut, or was edited.
Result<PlanFile> parse_plan(std::string text);

}  // namespace fairway
