// See included_files.hpp.
#include "engine/policy/included_files.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <map>

#include "engine/base/digest.hpp"
#include "engine/base/log.hpp"
#include "engine/base/posix.hpp"
#include "engine/base/yaml.hpp"
#include "engine/policy/former_keys.hpp"
#include "engine/policy/policy_shape.hpp"
#include "engine/policy/reading.hpp"
#include "engine/policy/spelling.hpp"

namespace fairway {
namespace {

constexpr std::size_t most_files = 32;
constexpr std::size_t most_bytes = YamlLimits().bytes;  // of the policy and all of them, as of a policy in one file

void give_file(Node& node, int file) {
    node.place.file = file;
    for (Node& item : node.items) give_file(item, file);
    for (Entry& entry : node.entries) {
        entry.place.file = file;
        give_file(entry.value, file);
    }
}

class Inclusion {
public:
    Inclusion(const Includer& includer, const ReadIncluded& read, Complaints& complaints)
        : folder_(folder_of(includer.file)), bytes_(includer.bytes), read_(read), complaints_(complaints) {
        seen_.emplace(includer.file.substr(includer.file.rfind('/') + 1), nullptr);
    }

    Included of(const std::vector<Node>& names) {
        for (const Node& name : names) {
            const bool named = name.is(Node::Kind::scalar) && spelling::file_below.check(name.text).empty();
            if (!named || !take(name)) out_.whole = false;
        }
        return std::move(out_);
    }

private:
    bool take(const Node& name) {
        const std::string below = std::filesystem::path(name.text).lexically_normal().string();
        const std::string file = folder_ == "." ? below : fmt::format("{}/{}", folder_, below);
        const auto [first, fresh] = seen_.emplace(below, &name);
        if (!fresh && !first->second) return refuse(name, "the policy includes itself");
        if (!fresh)
            return refuse(name, fmt::format("{} is included twice; first in {}", file,
                                            complaints_.line_of(first->second->place, name.place)));
        if (bytes_ > most_bytes) return false;
        Result<std::string> text = read_(file);
        if (!text) return refuse(name, text.error().text);
        bytes_ += text->size();
        if (bytes_ > most_bytes)
            return refuse(name, fmt::format("the policy and the files up to this one are larger than {} bytes together",
                                            most_bytes));
        return add(file, *text);
    }

    bool add(const std::string& file, std::string_view text) {
        const int number = complaints_.begin_file(file);
        auto root = parse_yaml(text, file);
        if (!root) {
            complaints_.add(std::move(root.error()), number);
            return false;
        }
        give_file(*root, number);
        for (const std::string& warning : rename_former_keys(*root, included_shape(), file)) log::warn(warning);
        check(*root, included_shape(), "the included file", complaints_);
        out_.files.push_back({file, sha256(text), std::move(*root)});
        return true;
    }

    bool refuse(const Node& name, std::string why) {
        complaints_.add(name, std::move(why));
        return false;
    }

    const std::string folder_;
    std::size_t bytes_;
    const ReadIncluded& read_;
    Complaints& complaints_;
    std::map<std::string, const Node*> seen_;  // as from the folder; null: the policy
    Included out_;
};

}  // namespace

Included read_included(const Node& policy, const Includer& includer, const ReadIncluded& read, Complaints& complaints) {
    const std::vector<Node>& names = items_at(policy, "include");
    if (names.empty()) return {};
    const auto refuse = [&](std::string why) {
        complaints.add(*policy.entry("include"), std::move(why));
        return Included{.whole = false};
    };
    if (!read)
        return refuse(
            "files are looked for in the folder of the policy, and this policy is in no file of a folder: put "
            "it into one");
    if (names.size() > most_files) return refuse(fmt::format("a policy includes up to {} files", most_files));
    return Inclusion(includer, read, complaints).of(names);
}

}  // namespace fairway
