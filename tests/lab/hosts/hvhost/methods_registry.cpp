// The registry as StdRegProv shows it: the two keys that anybody asks for.
#include "methods.hpp"

namespace lab {

Outcome enum_key(Host&, const Caller&, const Arguments& arguments, const Instance&) {
    constexpr std::uint64_t kFileNotFound = 2;  // of winerror.h
    arguments.allow({"hDefKey", "sSubKeyName"});
    const bool known = same_name(arguments.text("sSubKeyName"), R"(SOFTWARE\Microsoft\Windows NT)");
    if (!known) return {kFileNotFound, {}};
    return {result::done, {{"sNames", std::vector<std::string>{"CurrentVersion"}}}};
}

}  // namespace lab
