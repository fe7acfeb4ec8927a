// See questions.hpp.
#include "providers/wmi/contact/questions.hpp"

#include <array>
#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/wmi/events/event_subscription.hpp"
#include "providers/wmi/wsman/client.hpp"
#include "providers/wmi/wsman/envelope.hpp"

namespace fairway::wmi {
namespace {

struct OfClass {
    Question question;
    Source source;
};
constexpr std::array of_classes = {
    OfClass{Question::setting, Source::migration_setting},
    OfClass{Question::networks, Source::migration_network},
    OfClass{Question::service, Source::migration_service},
    OfClass{Question::adapters, Source::adapters},
    OfClass{Question::computer, Source::computer},
    OfClass{Question::operating_system, Source::operating_system},
    OfClass{Question::machines, Source::machines},
    OfClass{Question::device_guard, Source::device_guard},
    OfClass{Question::cluster_service, Source::cluster_service},
    OfClass{Question::cluster, Source::cluster},
};

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
        out_.heard[now].push_back({std::string(soap), answer, line_.steps().status, record_.kept()});
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
std::string query_of_disks(const Result<Instances>& machines) {
    std::vector<std::string> terms;
    for (const cim::Instance& machine : machines.value_or(Instances{}))
        if (is_machine(machine) && terms.size() < 2)
            terms.push_back(fmt::format("InstanceID LIKE 'Microsoft:{}%'", machine.text("Name").value_or("")));
    while (terms.size() < 2) terms.push_back(fmt::format("InstanceID LIKE 'Microsoft:{}%'", nobody));
    return fmt::format("SELECT * FROM {} WHERE {}", class_row(Source::virtual_disks).name, text::join(terms, " OR "));
}

void ask_for_events(Listener& heard, Asker& asker) {
    heard.now = Question::events;
    asker.events({.channels = {std::string(log_channel)}});
    heard.now = Question::many_events;
    EventQuery many{.channels = {std::string(log_channel)}, .ids = {}};
    for (std::uint32_t id = 60001; id <= 60030; ++id) many.ids.push_back(id);  // of no provider that is known
    many.ids.push_back(log_started);
    asker.events(std::move(many));
    heard.now = Question::no_channel;
    asker.events({.channels = {"Fairway-No-Such-Channel/Admin"}});
}

void ask_over(Listener& heard, const Evidence& so_far) {
    Asker asker(heard);
    for (const OfClass& one : of_classes) {
        heard.now = one.question;
        asker.everything_of(one.source);
    }
    heard.now = Question::no_class;
    asker.all(soap::resource("root/virtualization/v2", "Msvm_FairwayNoSuchClass"));
    heard.now = Question::no_namespace;
    asker.all(soap::resource("root/fairway_no_such_namespace", "Msvm_ComputerSystem"));
    heard.now = Question::columns;
    asker.select(Source::adapters,
                 "SELECT IPEnabled, IPAddress FROM Win32_NetworkAdapterConfiguration WHERE IPEnabled = TRUE");
    heard.now = Question::either;
    asker.select(Source::virtual_disks, query_of_disks(so_far.instances(Question::machines)));
    heard.now = Question::mandatory_locale;
    asker.with_mandatory_locale();
    heard.now = Question::one_by_one;
    const std::string context = asker.begin_one_by_one(Source::machines);
    heard.now = Question::released;
    if (!context.empty()) asker.release_and_go_on(Source::machines, context);
    heard.now = Question::with_references;
    const auto reference = asker.with_references(Source::machines);
    heard.now = Question::by_reference;
    if (reference) asker.get(*reference);
    ask_for_events(heard, asker);
}

// One question on a connection of its own, reached as `host` says.
void ask_apart(const Lines& lines, const Host& host, const Recording& record, Question question, Evidence& out) {
    const auto line = lines.open(host);
    if (!line) return;
    Listener heard(lines.loop, **line, record, out);
    heard.now = question;
    Asker(heard).everything_of(Source::migration_setting);
}

std::string id_of(std::string_view request) {
    constexpr std::string_view before = "MessageID>";
    const auto from = request.find(before);
    if (from == request.npos) return {};
    const std::string_view rest = request.substr(from + before.size());
    return std::string(rest.substr(0, rest.find('<')));
}

}  // namespace

Question question_about(Source source) {
    for (const OfClass& one : of_classes)
        if (one.source == source) return one.question;
    return Question::either;  // what trial moves alone ask for
}

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
    Listener heard(lines.loop, line, record, out);
    ask_over(heard, out);
    out.steps = line.steps();
    ask_apart(lines, host, record, Question::setting_again, out);
    if (!host.reach.tls && host.reach.seal && out.steps.sealed) {
        Host bare = host;
        bare.reach.seal = false;
        ask_apart(lines, bare, record, Question::in_the_clear, out);
    }
    return out;
}

}  // namespace fairway::wmi
