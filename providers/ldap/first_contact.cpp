// See ldap.hpp: first contact with a domain's directory.
#include <algorithm>

#include "providers/ldap/contact/assumptions.hpp"
#include "providers/ldap/ldap.hpp"

namespace fairway::ldap {
namespace {

// The numbers of the exchanges that a row looks at.
std::vector<std::size_t> exchanges_of(const AssumptionRow& row, const Heard& heard) {
    std::vector<std::size_t> out;
    for (const Subject subject : row.subjects)
        if (const auto it = heard.answers.find(subject); it != heard.answers.end())
            out.insert(out.end(), it->second.exchanges.begin(), it->second.exchanges.end());
    return out;
}

}  // namespace

Result<DirectoryContact> first_contact(const std::shared_ptr<Controllers>& controllers, const Host& host) {
    const std::vector<Directory>& all = controllers->inventory().directories;
    if (all.empty()) return fail(Code::bad_input, "the inventory names no directory");
    const auto own =
        std::find_if(all.begin(), all.end(), [&](const Directory& one) { return one.domain == host.account_domain; });
    const Directory& directory = own == all.end() ? all.front() : *own;
    DirectoryContact out{directory.domain, {}, {}, {}};
    Heard heard{directory.domain, host.name, host.dns, {}, {}};
    auto opened = controllers->to_read(directory);
    if (opened) {
        out.controller = opened->controller->server;
    } else {
        out.stopped = opened.error();
        if (const auto servers = candidates(directory); servers && !servers->empty()) out.controller = servers->front();
    }
    if (!out.controller.empty()) ask_as_stranger(directory, out.controller, controllers->recording(), heard);
    if (opened) ask_everything(*opened, directory, controllers->recording(), heard);
    for (const AssumptionRow& row : assumption_rows()) {
        out.assumptions.push_back(assumption(row, row.judge(heard)));
        out.assumptions.back().exchanges = exchanges_of(row, heard);
    }
    return out;
}

}  // namespace fairway::ldap
