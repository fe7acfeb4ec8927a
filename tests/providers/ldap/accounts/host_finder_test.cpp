// What a person's filter and names become on the wire: the same meaning, written anew, and nothing else.
#include "providers/ldap/accounts/host_finder.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

namespace fairway::host_finder_test {

using Form = DirectoryFilter::Kind;

namespace {

std::string word(std::size_t least) {
    // Whatever bytes, those that mean something among them more often.
    const auto byte = rc::gen::oneOf(rc::gen::arbitrary<char>(), rc::gen::element('(', ')', '*', '\\', '\0', ' '));
    std::string out = *rc::gen::container<std::string>(byte);
    while (out.size() < least) out += 'x';
    return out;
}

DirectoryFilter any_filter(int depth) {
    DirectoryFilter out;
    out.kind = static_cast<Form>(*rc::gen::inRange(depth > 0 ? 0 : 3, 9));
    if (out.kind == Form::all_of || out.kind == Form::any_of || out.kind == Form::not_of) {
        const int count = out.kind == Form::not_of ? 1 : *rc::gen::inRange(1, 4);
        for (int i = 0; i < count; ++i) out.parts.push_back(any_filter(depth - 1));
        return out;
    }
    out.attribute = *rc::gen::element<std::string>("cn", "operatingSystem", "msDS-X", "a1");
    if (out.kind == Form::present) return out;
    if (out.kind == Form::rule)
        out.rule = *rc::gen::element<std::string>("1.2.840.113556.1.4.803", "1.2.840.113556.1.4.804",
                                                  "1.2.840.113556.1.4.1941");
    out.pieces.push_back(word(out.kind == Form::like ? 0 : 1));
    if (out.kind != Form::like) return out;
    const int within = *rc::gen::inRange(0, 3);
    for (int i = 0; i < within; ++i) out.pieces.push_back(word(1));
    out.pieces.push_back(word(out.pieces.size() == 1 && out.pieces[0].empty() ? 1 : 0));  // ** alone is "present"
    return out;
}

}  // namespace

TEST_CASE("a filter that is written is read as it was") {
    CHECK(rc::check("of any value", [] {
        const DirectoryFilter filter = any_filter(3);
        const auto again = parse_directory_filter(ldap::filter_of(filter).text());
        RC_ASSERT(again.has_value());
        RC_ASSERT(*again == filter);
    }));
}

TEST_CASE("what a search asks") {
    HostSearch search;
    search.domain = "corp.example";
    search.filter = *parse_directory_filter("(operatingSystem=Windows Server*)");
    search.group = *parse_directory_name("CN=hosts (all)\\, lab,DC=corp,DC=example");
    CHECK(ldap::filter_of(search).text() ==
          "(&(objectCategory=computer)(operatingSystem=Windows Server*)"
          "(memberOf:1.2.840.113556.1.4.1941:=CN=hosts \\28all\\29\\5c, lab,DC=corp,DC=example))");
    CHECK(ldap::base_of(search) == "DC=corp,DC=example");
    search.base = *parse_directory_name("OU=Hyper\\2dV\\,x , DC=corp,dc=example");
    CHECK(ldap::base_of(search) == "OU=Hyper-V\\,x,DC=corp,dc=example");
}

}  // namespace fairway::host_finder_test
