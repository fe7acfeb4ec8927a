// Who holds which service principal names: what a server is asked, and what is made of its answers.
#include "providers/ldap/accounts/registered_names.hpp"

#include <doctest/doctest.h>

#include "engine/model/directory_filter.hpp"
#include "tests/providers/ldap/server.hpp"

namespace fairway::ldap::registered_names_test {

namespace {

constexpr const char* base = "DC=corp,DC=example";
constexpr const char* attribute = "servicePrincipalName";

// Answers searches by the filter's parts, as far as filters_for makes them.
struct Forest {
    Server server;
    std::vector<Search> asked;

    // Lets the server in memory find objects by service principal names too.
    std::vector<std::string> fitting(const Search& search) const {
        const std::string filter = text::fold(search.filter.text());
        std::vector<std::string> out;
        for (const auto& [dn, object] : server.objects) {
            const auto has = [&](const char* name, const std::string& value, const char* end) {
                return filter.find(text::fold("(" + std::string(name) + "=" + escaped_for_filter(value) + end)) !=
                       std::string::npos;
            };
            bool fits = search.scope == Scope::base && dn == search.base;
            if (const auto it = object.find("sAMAccountName"); it != object.end())
                fits = fits || has("sAMAccountName", it->second[0], ")");
            if (const auto it = object.find(attribute); it != object.end())
                for (const std::string& name : it->second)
                    fits =
                        fits || has(attribute, name, ")") || has(attribute, name.substr(0, name.find('/') + 1), "*)");
            if (fits) out.push_back(dn);
        }
        return out;
    }
};

// The server in memory shows one entry at a time; this wire finds them and pages.
class ForestWire final : public ReadWire {
public:
    explicit ForestWire(Forest& forest) : forest_(forest), entries_(forest.server) {}

    Result<int> ask(const Search& search, const std::string& cookie) override {
        forest_.asked.push_back(search);
        ++requests_;
        const std::vector<std::string> found = forest_.fitting(search);
        const std::size_t start = cookie.empty() ? 0 : std::stoul(cookie), size = forest_.server.page_size;
        Page page;
        for (std::size_t i = start; i < std::min(found.size(), start + size); ++i) {
            Search one;
            one.base = found[i];
            one.attributes = search.attributes;
            const Result<int> asked = entries_.ask(one, "");
            if (!asked) return asked;
            page.entries.push_back(std::move(entries_.next()->entries.at(0)));
        }
        if (start + size < found.size()) page.cookie = std::to_string(start + size);
        page.question = ++asked_;
        pages_.push_back(std::move(page));
        return asked_;
    }
    Result<Page> next() override {
        Page page = std::move(pages_.back());
        pages_.pop_back();
        return page;
    }
    void abandon() override { pages_.clear(); }
    bool lost() const override { return entries_.lost(); }
    std::size_t requests() const override { return requests_; }

private:
    Forest& forest_;
    ServerWire entries_;
    std::vector<Page> pages_;
    int asked_ = 0;
    std::size_t requests_ = 0;
};

std::vector<std::string> accounts(const std::vector<NameOwner>& owners) {
    std::vector<std::string> out;
    for (const NameOwner& owner : owners) out.push_back(owner.account);
    return out;
}

}  // namespace

TEST_CASE("a question is asked about a hundred names at a time") {
    NameQuestion question;
    for (int i = 0; i < 150; ++i) question.names.push_back("cifs/hv" + std::to_string(i));
    for (int i = 0; i < 60; ++i) question.accounts.push_back("HV" + std::to_string(i) + "$");
    question.classes = {"Hyper-V (Replica) Service"};
    const std::vector<Filter> filters = filters_for(question);
    REQUIRE(filters.size() == 3);
    CHECK(filters[0].text().starts_with("(|(servicePrincipalName=cifs/hv0)(servicePrincipalName=cifs/hv1)"));
    CHECK(filters[1].text().find("(sAMAccountName=HV0$)") != std::string::npos);
    CHECK(filters[2].text().ends_with("(servicePrincipalName=Hyper-V \\28Replica\\29 Service/*))"));
    CHECK(filters_for({}).empty());
}

TEST_CASE("every account that fits comes once and whole, whatever the size of pages and slices") {
    Forest forest;
    forest.server.add_computer("HV01", {{attribute, {"HOST/HV01", "cifs/HV01", "MSSQLSvc/sql:1433"}},
                                        {"dNSHostName", {"hv01.corp.example"}},
                                        {"objectClass", {"top", "computer"}}});
    forest.server.add_computer("HV02", {{attribute, {"HOST/HV02"}}, {"userAccountControl", {"4098"}}});
    forest.server.add_computer("HV03", {{attribute, {"HOST/HV03"}}});
    forest.server.add("CN=svc,DC=corp,DC=example", {{"sAMAccountName", {"svc"}}, {attribute, {"CIFS/hv01"}}});
    const NameQuestion question{.names = {"cifs/HV01"}, .accounts = {"HV02$"}, .classes = {"mssqlsvc"}};
    for (std::size_t page : {1u, 2u, 1000u})
        for (std::size_t slice : {2u, 1500u}) {
            CAPTURE(page);
            CAPTURE(slice);
            forest.server.page_size = page;
            forest.server.slice = slice;
            ForestWire wire(forest);
            const auto owners = read_owners(wire, base, question);
            REQUIRE_MESSAGE(owners, owners.error().text);
            CHECK(accounts(*owners) == std::vector<std::string>{"HV01$", "HV02$", "svc"});
            CHECK(owners->at(0).names == std::vector<std::string>{"HOST/HV01", "cifs/HV01", "MSSQLSvc/sql:1433"});
            CHECK(owners->at(0).dns == "hv01.corp.example");
            CHECK(owners->at(0).object_class == "computer");
            CHECK(owners->at(0).enabled);
            CHECK_FALSE(owners->at(1).enabled);
            CHECK(owners->at(2).enabled);  // its flags are not shown to us
        }
    // Only what is needed is asked for, and never one host by itself.
    CHECK(forest.asked.front().attributes == std::vector<std::string>{attribute, "dNSHostName", "userAccountControl",
                                                                      "objectClass", "objectSid", "sAMAccountName",
                                                                      "uSNChanged"});
}

TEST_CASE("200 hosts cost no more than a request for every hundred names") {
    Forest forest;
    NameQuestion question;
    for (int i = 0; i < 200; ++i) {
        const std::string name = "HV" + std::to_string(i);
        forest.server.add_computer(name, {{attribute, {"HOST/" + name}}});
        question.accounts.push_back(name + "$");
        for (const char* one : {"HOST/", "cifs/", "Microsoft Virtual System Migration Service/"}) {
            question.names.push_back(one + name);
            question.names.push_back(one + text::fold(name) + ".corp.example");
        }
    }
    ForestWire wire(forest);
    CHECK(read_owners(wire, base, question).value().size() == 200);
    CHECK(wire.requests() == 14);  // 1400 names and accounts
}

TEST_CASE("an answer that makes no sense is no answer") {
    struct Row {
        const char* what;
        std::function<void(Page&)> spoil;
        Code code;
    };
    const auto put = [](Page& page, const char* name, std::vector<std::string> values) {
        for (Entry& entry : page.entries) {
            std::erase_if(entry.attributes, [&](const Attribute& one) { return one.name == name; });
            entry.attributes.push_back({name, values});
        }
    };
    const Row rows[] = {
        {"flags that are no number", [&](Page& page) { put(page, "userAccountControl", {"4096x"}); }, Code::protocol},
        {"a name without end", [&](Page& page) { put(page, attribute, {std::string(5000, 'x')}); }, Code::protocol},
        {"names without end", [&](Page& page) { put(page, attribute, std::vector<std::string>(20'001, "a/b")); },
         Code::protocol},
        {"a slice from the middle", [&](Page& page) { put(page, "servicePrincipalName;range=5-*", {"a/b"}); },
         Code::protocol},
        {"slices that never end", [&](Page& page) { put(page, "servicePrincipalName;range=0-0", {"a/b"}); },
         Code::protocol},
    };
    for (const Row& row : rows) {
        CAPTURE(row.what);
        Forest forest;
        forest.server.add_computer("HV01");
        forest.server.spoil = row.spoil;
        ForestWire wire(forest);
        const auto owners = read_owners(wire, base, {.names = {}, .accounts = {"HV01$"}, .classes = {}});
        REQUIRE_FALSE(owners);
        CHECK_MESSAGE(owners.error().code == row.code, owners.error().text);
    }
}

TEST_CASE("an account's own text is shown in print, and its names stay as they are") {
    Forest forest;
    forest.server.add("CN=e\x1b[2J,DC=corp,DC=example",
                      {{"sAMAccountName", {"e\x1b"}}, {attribute, {"cifs/\x1bx\xff"}}});
    ForestWire wire(forest);
    const auto owners = read_owners(wire, base, {.names = {}, .accounts = {}, .classes = {"cifs"}});
    REQUIRE(owners->size() == 1);
    CHECK(owners->at(0).dn == "CN=e\\x1b[2J,DC=corp,DC=example");
    CHECK(owners->at(0).account == "e\\x1b");
    CHECK(owners->at(0).names == std::vector<std::string>{"cifs/\x1bx\xff"});
}

TEST_CASE("aliases are read from sPNMappings") {
    const std::vector<std::string> values = {"host=alerter,cifs, http ,,www", "ldap=gc", "=x", "nothing", "a=\x01"};
    const auto aliases = parse_mappings(values);
    REQUIRE(aliases.size() == 2);
    CHECK(aliases[0].of == "host");
    CHECK(aliases[0].classes == std::vector<std::string>{"alerter", "cifs", "http", "www"});
    CHECK(aliases[1].classes == std::vector<std::string>{"gc"});

    Forest forest;
    ForestWire wire(forest);
    CHECK(read_mappings(wire, "CN=Configuration,DC=x").error().code == Code::not_found);
    forest.server.add("CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,DC=x",
                      {{"sPNMappings", values}});
    CHECK(read_mappings(wire, "CN=Configuration,DC=x")->size() == 2);
}

TEST_CASE("a reader of names says where they come from, and whether that is the whole forest") {
    Forest forest;
    forest.server.add_computer("HV01", {{attribute, {"HOST/HV01"}}});
    std::size_t dials = 0;
    const auto line = std::make_shared<Line<ReadWire>>([&]() -> Result<std::unique_ptr<ReadWire>> {
        ++dials;
        return std::make_unique<ForestWire>(forest);
    });
    RegisteredNameReader reader(
        {.line = line, .base = base, .source = "dc01", .caveat = "only the domain", .aliases = {{"host", {"cifs"}}}},
        nullptr);
    forest.server.cut_after = 2;  // the second question comes after the server has hung up
    for (int i = 0; i < 2; ++i) {
        const auto names = reader.names({.names = {"host/hv01"}, .accounts = {}, .classes = {}});
        REQUIRE_MESSAGE(names, names.error().text);
        CHECK(accounts(names->owners) == std::vector<std::string>{"HV01$"});
        CHECK(names->source == "dc01");
        CHECK(names->caveat == "only the domain");
        CHECK(names->aliases.size() == 1);
    }
    CHECK(dials == 2);
    CHECK(reader.requests() == 3);
}

}  // namespace fairway::ldap::registered_names_test
