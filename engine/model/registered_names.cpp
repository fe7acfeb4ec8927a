// See registered_names.hpp.
#include "engine/model/registered_names.hpp"

#include <algorithm>
#include <set>

#include "engine/base/text.hpp"

namespace fairway {
namespace {

bool among(const std::vector<std::string>& all, std::string_view one) {
    return std::any_of(all.begin(), all.end(), [&](const std::string& s) { return text::same_folded(s, one); });
}

}  // namespace

bool fits(const NameQuestion& question, const NameOwner& owner) {
    return among(question.accounts, owner.account) ||
           std::any_of(owner.names.begin(), owner.names.end(), [&](const std::string& name) {
               const auto slash = name.find('/');
               return among(question.names, name) ||
                      (slash != std::string::npos && among(question.classes, std::string_view(name).substr(0, slash)));
           });
}

void add_owners(RegisteredNames& to, std::vector<NameOwner> more) {
    std::set<std::string> known;
    for (const NameOwner& owner : to.owners) known.insert(text::fold(owner.dn));
    for (NameOwner& owner : more)
        if (known.insert(text::fold(owner.dn)).second) to.owners.push_back(std::move(owner));
}

}  // namespace fairway
