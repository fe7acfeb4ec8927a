// See questions.hpp.
#include "providers/wmi/contact/questions.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/events/event_subscription.hpp"
#include "providers/wmi/sights/questions.hpp"
#include "providers/wmi/wsman/client.hpp"
#include "providers/wmi/wsman/envelope.hpp"

namespace fairway::wmi {
namespace {

// In this order.
constexpr std::array asked_classes = {Source::migration_setting, Source::migration_network, Source::migration_service,
                                      Source::adapters,          Source::computer,          Source::operating_system,
                                      Source::machines,          Source::device_guard,      Source::cluster_service,
                                      Source::cluster,           Source::cluster_nodes,     Source::migration_jobs};

constexpr std::string_view nobody = "00000000-0000-0000-0000-000000000000";
constexpr std::string_view log_channel = "System";
constexpr std::uint32_t log_started = 6005;  // the event log service started: each boot

// Keeps what goes over a line, under the question of the moment. A host that twice did not answer is left alone.
class Listener : public Channel {
public:
    Listener(Loop& loop, Line& line, const Recording& record, Evidence& out)
        : loop_(loop), line_(line), record_(record), out_(out) {}

    Question now{};

    Result<std::string> exchange(std::string_view soap, Repeat repeat) override {
        if (silent_ > 1) return fail(Code::unreachable, "not asked: the host stopped answering");
        auto answer = loop_.run(line_.exchange(std::string(soap), repeat));
        silent_ = answer || answer.error().code != Code::unreachable ? 0 : silent_ + 1;
        const Steps& steps = line_.steps();
        out_.heard[now].push_back({std::string(soap), answer, steps.status, steps.date, record_.kept()});
        return answer;
    }
    std::string endpoint() const override { return url(line_.route().endpoint); }

private:
    Loop& loop_;
    Line& line_;
    const Recording& record_;
    Evidence& out_;
    int silent_ = 0;
};

class Asker {
public:
    explicit Asker(Channel& channel) : channel_(channel), inquirer_(channel) {}

    void everything_of(Source source) {
        soap::Query query{.wql = std::string(class_row(source).query)};
        const std::string resource = query.wql.empty() ? resource_of(source) : resource_of_all(source);
        (void)inquirer_.enumerate(resource, std::move(query));
    }
    void all(const std::string& resource) { (void)inquirer_.enumerate(resource); }
    void select(Source source, std::string wql) {
        (void)inquirer_.enumerate(resource_of_all(source), {.wql = std::move(wql)});
    }

    // A Locale that says that it must be understood, in a question that is answered otherwise.
    void with_mandatory_locale() {
        auto text = soap::enumerate(heading(), resource_of(Source::migration_setting), {});
        if (!text) return;
        constexpr std::string_view may = "s:mustUnderstand=\"false\"", must = "s:mustUnderstand=\"true\"";
        for (auto at = text->find(may); at != text->npos; at = text->find(may)) text->replace(at, may.size(), must);
        (void)channel_.exchange(*text, Repeat::safe);
    }

    // Says neither how many objects are wanted at once nor that the first may come at once. The context to go on with.
    std::string begin_one_by_one(Source source) {
        const auto begun = ask(enumerate_plainly(source, {}));
        const auto batch = begun ? soap::read_batch(begun->body) : tl::unexpected(begun.error());
        if (!batch || batch->last) return {};
        const auto pulled = ask(pull_plainly(source, batch->context));
        const auto next = pulled ? soap::read_batch(pulled->body) : tl::unexpected(pulled.error());
        return !next || next->last ? std::string() : next->context;
    }
    void release_and_go_on(Source source, const std::string& context) {
        const std::string resource = resource_of(source);
        (void)ask(soap::release(fresh(), resource, context));
        (void)ask(pull_plainly(source, context));
    }

    // The reference to the first object that came.
    std::optional<cim::Reference> with_references(Source source) {
        const auto answer = ask(enumerate_plainly(source, "EnumerateObjectAndEPR"));
        const auto batch = answer ? soap::read_batch(answer->body) : tl::unexpected(answer.error());
        if (!batch || batch->instances.empty()) return std::nullopt;
        return batch->instances.front().self;
    }
    void get(const cim::Reference& reference) { (void)inquirer_.get(reference); }
    void ask(WqlQuestion question) { (void)inquirer_.enumerate(question.resource, {.wql = std::move(question.wql)}); }

    // Which keys the registry has below one: a method of every Windows, which changes nothing.
    void keys_below(const std::string& key) {
        constexpr std::string_view local_machine = "2147483650";
        const cim::Reference registry{soap::resource("root/cimv2", "StdRegProv"), {}};
        const std::array arguments = {soap::Argument{"hDefKey", std::string(local_machine)},
                                      soap::Argument{"sSubKeyName", key}};
        (void)ask(soap::invoke(fresh(), registry, "EnumKey", arguments));
    }

    void events(EventQuery query) {
        query.batch = query.most = 1;
        query.wait = std::chrono::seconds(2);
        Subscription subscription(channel_.endpoint(), std::move(query), {});
        while (const auto request = subscription.next())
            subscription.take(channel_.exchange(request->text, request->repeat));
    }

private:
    soap::Heading heading() const { return {channel_.endpoint(), soap::fresh_id()}; }
    const soap::Heading& fresh() { return heading_ = heading(); }

    Result<soap::Reply> ask(const Result<std::string>& text) {
        if (!text) return tl::unexpected(text.error());
        const auto answer = channel_.exchange(*text, Repeat::safe);
        if (!answer) return tl::unexpected(answer.error());
        return soap::read_reply(*answer, heading_.id);
    }
    Result<std::string> enumerate_plainly(Source source, std::string_view mode) {
        xml::Writer out;
        soap::open_envelope(out, fresh(), resource_of(source), soap::enumeration_action("Enumerate"), {});
        out.open("n:Enumerate");
        if (!mode.empty())
            out.leaf("w:OptimizeEnumeration", "").leaf("w:MaxElements", "2").leaf("w:EnumerationMode", mode);
        out.close();
        return soap::close_envelope(std::move(out));
    }
    Result<std::string> pull_plainly(Source source, const std::string& context) {
        xml::Writer out;
        soap::open_envelope(out, fresh(), resource_of(source), soap::enumeration_action("Pull"), {});
        out.open("n:Pull").leaf("n:EnumerationContext", context).close();
        return soap::close_envelope(std::move(out));
    }

    Channel& channel_;
    Inquirer inquirer_;
    soap::Heading heading_;
};

// Of the first two VMs, or of none.
std::string query_of_two(Source source, const Result<Instances>& machines) {
    std::vector<std::string> terms;
    for (const cim::Instance& machine : machines.value_or(Instances{}))
        if (is_machine(machine) && terms.size() < 2)
            terms.push_back(fmt::format("InstanceID LIKE 'Microsoft:{}%'", machine.text("Name").value_or("")));
    while (terms.size() < 2) terms.push_back(fmt::format("InstanceID LIKE 'Microsoft:{}%'", nobody));
    return fmt::format("SELECT * FROM {} WHERE {}", class_row(source).name, text::join(terms, " OR "));
}

// As a diagnosis asks.
void ask_for_sights(Listener& heard, Asker& asker, const std::string& domain) {
    heard.now = Special::listening;
    asker.ask(ask_listening());
    heard.now = Special::ping;
    asker.ask(ask_ping(domain));
    heard.now = Special::resolver_cache;
    asker.ask(ask_resolver_cache(domain));
    heard.now = Special::ping_of_nobody;
    asker.ask(ask_ping("fairway-no-such-name.invalid"));  // RFC 2606
}

void ask_methods(Listener& heard, Asker& asker) {
    heard.now = Special::method;
    asker.keys_below(R"(SOFTWARE\Microsoft\Windows NT)");
    heard.now = Special::method_in_vain;
    asker.keys_below(R"(SOFTWARE\Fairway\No Such Key)");
}

void ask_for_events(Listener& heard, Asker& asker) {
    heard.now = Special::events;
    asker.events({.channels = {std::string(log_channel)}});
    heard.now = Special::many_events;
    EventQuery many{.channels = {std::string(log_channel)}, .ids = {}};
    for (std::uint32_t id = 60001; id <= 60030; ++id) many.ids.push_back(id);  // of no provider that is known
    many.ids.push_back(log_started);
    asker.events(std::move(many));
    heard.now = Special::no_channel;
    asker.events({.channels = {"Fairway-No-Such-Channel/Admin"}});
}

void ask_over(Listener& heard, Asker& asker, const Evidence& so_far) {
    for (const Source source : asked_classes) {
        heard.now = source;
        asker.everything_of(source);
    }
    heard.now = Special::no_class;
    asker.all(soap::resource("root/virtualization/v2", "Msvm_FairwayNoSuchClass"));
    heard.now = Special::no_namespace;
    asker.all(soap::resource("root/fairway_no_such_namespace", "Msvm_ComputerSystem"));
    heard.now = Special::columns;
    asker.select(Source::adapters,
                 "SELECT IPEnabled, IPAddress FROM Win32_NetworkAdapterConfiguration WHERE IPEnabled = TRUE");
    heard.now = Special::either;
    const auto machines = so_far.instances(Source::machines);
    asker.select(Source::virtual_disks, query_of_two(Source::virtual_disks, machines));
    heard.now = Special::memory;
    asker.select(Source::machine_memory, query_of_two(Source::machine_memory, machines));
    heard.now = Special::mandatory_locale;
    asker.with_mandatory_locale();
    heard.now = Special::one_by_one;
    const std::string context = asker.begin_one_by_one(Source::machines);
    heard.now = Special::released;
    if (!context.empty()) asker.release_and_go_on(Source::machines, context);
    heard.now = Special::with_references;
    const auto reference = asker.with_references(Source::machines);
    heard.now = Special::by_reference;
    if (reference) asker.get(*reference);
}

// One question on a connection of its own, reached as `host` says.
void ask_apart(const Lines& lines, const Host& host, const Recording& record, Question question, Evidence& out) {
    const auto line = lines.open(host);
    if (!line) return;
    Listener heard(lines.loop, **line, record, out);
    heard.now = question;
    Asker(heard).everything_of(Source::migration_setting);
}

// One request on a connection of its own by somebody who does not sign on: with a scheme that nobody knows and so many
// bytes, or with none.
void knock(const Lines& lines, const Host& host, const Recording& record, Special question, std::size_t bytes,
           Evidence& out) {
    const auto line = lines.open(host);
    if (!line) return;
    const std::string authorization = bytes == 0 ? std::string() : "Fairway " + std::string(bytes, 'A');
    const auto sent = lines.loop.run((*line)->knock(authorization));
    const Steps& steps = (*line)->steps();
    const auto nothing = fail(sent ? Code::protocol : sent.error().code, sent ? "no message" : sent.error().text);
    out.heard[question].push_back({{}, nothing, sent ? steps.status : 0, steps.date, record.kept()});
}

// The domain that holds its account, or what its name says.
std::string domain_of(const Host& host) {
    return host.account_domain.empty() ? host.dns.substr(std::min(host.dns.find('.'), host.dns.size() - 1) + 1)
                                       : host.account_domain;
}

std::string id_of(std::string_view request) {
    constexpr std::string_view before = "MessageID>";
    const auto from = request.find(before);
    if (from == request.npos) return {};
    const std::string_view rest = request.substr(from + before.size());
    return std::string(rest.substr(0, rest.find('<')));
}

}  // namespace

Result<soap::Reply> Evidence::reply(Question question, std::size_t nth) const {
    const auto it = heard.find(question);
    if (it == heard.end() || nth >= it->second.size()) return fail(Code::unreachable, "it was not asked");
    const Heard& one = it->second[nth];
    if (!one.answer) return tl::unexpected(one.answer.error());
    return soap::read_reply(xml::repaired(*one.answer), id_of(one.request));
}

Result<soap::Reply> Evidence::success(Question question, std::size_t nth) const {
    auto out = reply(question, nth);
    if (out && out->fault) return tl::unexpected(explain(*out->fault));
    return out;
}

Result<Instances> Evidence::instances(Question question) const {
    const auto it = heard.find(question);
    Instances out;
    const std::size_t count = it == heard.end() ? 0 : it->second.size();
    for (std::size_t i = 0; i == 0 || i < count; ++i) {
        const auto one = success(question, i);
        const auto batch = one ? soap::read_batch(one->body) : tl::unexpected(one.error());
        if (!batch) return tl::unexpected(batch.error());
        out.insert(out.end(), batch->instances.begin(), batch->instances.end());
    }
    return out;
}

Evidence ask_everything(const Lines& lines, Line& line, const Host& host, const Recording& record) {
    Evidence out;
    out.host = host.name;
    out.port = line.route().endpoint.port;
    Listener heard(lines.loop, line, record, out);
    Asker asker(heard);
    ask_over(heard, asker, out);
    ask_methods(heard, asker);
    ask_for_sights(heard, asker, domain_of(host));
    ask_for_events(heard, asker);
    out.steps = line.steps();
    ask_apart(lines, host, record, Special::setting_again, out);
    if (!host.reach.tls && host.reach.seal && out.steps.sealed) {
        Host bare = host;
        bare.reach.seal = false;
        ask_apart(lines, bare, record, Special::in_the_clear, out);
    }
    constexpr std::size_t beyond_http_sys = 17u << 10;
    knock(lines, host, record, Special::stranger, 0, out);
    knock(lines, host, record, Special::long_head, beyond_http_sys, out);
    return out;
}

}  // namespace fairway::wmi
