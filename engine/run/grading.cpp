// See grading.hpp.
#include "engine/run/grading.hpp"

#include "engine/plan/risk.hpp"

namespace fairway {

void grade_with(Plan& plan, const Inventory& inventory, const Snapshot& snapshot,
                const std::function<Result<std::unique_ptr<NameReader>>()>& open) {
    const NameQuestion question = unsure_names(plan, inventory, snapshot);
    Result<RegisteredNames> names = RegisteredNames();
    if (!question.empty()) {
        auto reader = open();
        names = reader ? (*reader)->names(question) : Result<RegisteredNames>(tl::unexpected(reader.error()));
    }
    grade(plan, inventory, snapshot, names);
}

}  // namespace fairway
