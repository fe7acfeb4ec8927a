// See client.hpp.
#include "providers/wmi/wsman/client.hpp"

#include <fmt/format.h>
#include <thread>

#include "engine/base/log.hpp"
#include "engine/base/text.hpp"
#include "providers/wmi/wsman/enumeration.hpp"

namespace fairway::wmi {
namespace {

constexpr std::uint64_t returned_done = 0;
constexpr std::uint64_t returned_job = 4096;
constexpr int most_unanswered = 20;  // questions about a job in a row, some ten seconds each when nobody is there

// Each state once, and each percentage of a job that runs; the last one always.
void note(JobInView& job, const JobReport& report) {
    constexpr std::size_t most_states = 40;
    const bool under_way = report.progress == JobProgress::running && report.percent > 0;
    std::string state = under_way ? fmt::format("{} {} %", report.state, report.percent) : report.state;
    if (report.percent > job.percent) {
        job.percent = report.percent;
        log::info(fmt::format("{}: job {} is {}, {}%", job.method, job.id(), report.state, job.percent));
    }
    if (!job.states.empty() && job.states.back() == state) return;
    if (job.states.size() == most_states) job.states.pop_back();
    job.states.push_back(std::move(state));
}

// The only child of Body, whatever it is called: OMI names it after the class (WMI-11).
Result<const xml::Element*> only_child(const soap::Reply& reply) {
    if (reply.body.children.size() != 1)
        return fail(Code::protocol, "the answer's body does not hold exactly one element");
    return &reply.body.children.front();
}

}  // namespace

Pace Pace::real() {
    return {[] { return std::chrono::steady_clock::now(); },
            [](std::chrono::milliseconds pause) { std::this_thread::sleep_for(pause); }};
}

Result<std::string> Inquirer::carry(std::string_view text, Repeat repeat) {
    auto answer = channel_->exchange(text, repeat);
    lost_ = answer ? std::nullopt : std::optional(answer.error());
    return answer;
}

Result<soap::Reply> Inquirer::exchange(const Result<std::string>& text, const std::string& id, Repeat repeat,
                                       std::string_view resource_uri) {
    if (!text) return tl::unexpected(text.error());
    const auto answer = carry(*text, repeat);
    if (!answer) return tl::unexpected(answer.error());
    auto reply = soap::read_reply(*answer, id);
    if (reply && reply->fault) return tl::unexpected(explain(*reply->fault, resource_uri));
    return reply;
}

Result<soap::Identity> Inquirer::identify() {
    const auto text = soap::identify();
    if (!text) return tl::unexpected(text.error());
    const auto answer = carry(*text, Repeat::safe);
    if (!answer) return tl::unexpected(answer.error());
    return soap::read_identity(*answer);
}

Result<cim::Instance> Inquirer::get(const cim::Reference& instance) {
    const soap::Heading heading = this->heading();
    const auto reply = exchange(soap::get(heading, instance), heading.id, Repeat::safe, instance.resource);
    if (!reply) return tl::unexpected(reply.error());
    const auto element = only_child(*reply);
    if (!element) return tl::unexpected(element.error());
    return cim::read_instance(**element);
}

Result<std::vector<cim::Instance>> Inquirer::enumerate(const std::string& resource, soap::Query query) {
    Enumeration enumeration(channel_->endpoint(), resource, std::move(query));
    while (const auto request = enumeration.next()) enumeration.take(carry(request->text, request->repeat));
    return std::move(enumeration).result();
}

Result<Client::Returned> Client::invoke(const cim::Reference& target, std::string_view method,
                                        std::span<const soap::Argument> arguments) {
    const soap::Heading heading = this->heading();
    const auto reply =
        exchange(soap::invoke(heading, target, method, arguments), heading.id, Repeat::act, target.resource);
    if (!reply) return tl::unexpected(Error{reply.error().code, fmt::format("{}: {}", method, reply.error().text)});
    const auto element = only_child(*reply);
    if (!element) return tl::unexpected(element.error());
    Returned out{0, cim::read_instance(**element)};
    const auto value = out.outputs.integer("ReturnValue");
    if (!value) return tl::unexpected(value.error());
    if (!*value) return fail(Code::protocol, fmt::format("{}: an answer without ReturnValue", method));
    out.value = **value;
    return out;
}

// The HTTP status and the absence of a fault say nothing: the ReturnValue does (WMI-14).
Result<Begun> Client::begin(const cim::Reference& target, std::string_view method,
                            std::span<const soap::Argument> arguments, std::chrono::milliseconds deadline) {
    const auto returned = invoke(target, method, arguments);
    if (!returned) return tl::unexpected(returned.error());
    if (returned->value == returned_done) return JobEnd{{}, "done at once", false, false};
    if (returned->value != returned_job) return tl::unexpected(explain_return(method, returned->value));
    const cim::Reference* job = returned->outputs.reference("Job");
    if (job == nullptr)
        return fail(Code::protocol, fmt::format("{}: the host says that a job runs but not which", method));
    return JobInView{.job = *job, .method = std::string(method), .give_up = pace_.now() + deadline};
}

Result<JobEnd> Client::perform(const cim::Reference& target, std::string_view method,
                               std::span<const soap::Argument> arguments, std::chrono::milliseconds deadline) {
    auto begun = begin(target, method, arguments, deadline);
    if (!begun) return tl::unexpected(begun.error());
    if (auto* job = std::get_if<JobInView>(&*begun)) return wait(std::move(*job));
    return std::get<JobEnd>(std::move(*begun));
}

Result<JobEnd> Client::wait(JobInView job) {
    for (auto pause = first_pause;; pause = next_pause(pause)) {
        auto end = look(job);
        if (!end) return tl::unexpected(end.error());
        if (*end) return std::move(**end);
        pace_.sleep(pause);
    }
}

std::string JobInView::id() const {
    for (const cim::Selector& selector : job.selectors)
        if (text::same_folded(selector.name, "InstanceID")) return selector.value;
    return cim::class_of(job.resource);
}

Result<std::optional<JobEnd>> Client::look(JobInView& job) {
    const std::string id = job.id();
    const auto instance = get(job.job);
    if (!instance && instance.error().code == Code::not_found && !job.states.empty())
        return JobEnd{id, "ended and gone", true, false};  // one that was never seen may still come
    // A lost connection does not end the job: it is asked again, on a new one.
    if (!instance && (instance.error().code != Code::unreachable || ++job.unanswered > most_unanswered))
        return fail(Code::unreachable,
                    fmt::format("{}: the host says that the job {} runs, and cannot be asked about it: {}; whether "
                                "it ran or still runs is unknown",
                                job.method, id, instance.error().text));
    if (!instance) {
        log::info(fmt::format("job {}: {}; asking again", id, instance.error().text));
    } else {
        job.unanswered = 0;
        const auto report = read_job(*instance);
        if (!report) return fail(Code::unreachable, fmt::format("{}: job {}: {}", job.method, id, report.error().text));
        note(job, *report);
        if (report->progress == JobProgress::failed)
            return tl::unexpected(explain_failure(fmt::format("{} ({})", job.method, report->state),
                                                  complaint_of(job.job, *report), report->error_code));
        if (report->progress == JobProgress::done && report->warned)
            return JobEnd{id, fmt::format("{}: {}", report->state, complaint_of(job.job, *report)), false, true};
        if (report->progress == JobProgress::done) return JobEnd{id, report->state, false, false};
    }
    if (pace_.now() + longest_pause > job.give_up)
        return fail(Code::unreachable,
                    fmt::format("{}: the job {} did not end in time and may still run; read again", job.method, id));
    return std::nullopt;
}

// In the host's own words. GetErrorEx has the whole chain; the job's own ErrorCode has 16 bits and cannot hold an
// HRESULT (WMI-23).
std::string Client::complaint_of(const cim::Reference& job, const JobReport& report) {
    std::vector<std::string> parts;
    if (const auto returned = invoke(job, "GetErrorEx", {}); returned && returned->value == returned_done) {
        for (const std::string& text : returned->outputs.list("Errors")) {
            const auto error = cim::from_text(text);
            const auto message = error ? error->text("Message") : std::nullopt;
            if (message && !message->empty()) parts.push_back(*message);
        }
    }
    if (parts.empty() && !report.description.empty()) parts.push_back(report.description);
    return text::join(parts, " ");
}

}  // namespace fairway::wmi
