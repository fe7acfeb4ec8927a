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

std::string job_id(const cim::Reference& job) {
    for (const cim::Selector& selector : job.selectors)
        if (text::same_folded(selector.name, "InstanceID")) return selector.value;
    return cim::class_of(job.resource);
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
        exchange(soap::invoke(heading, target, method, arguments), heading.id, Repeat::never, target.resource);
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
Result<JobEnd> Client::perform(const cim::Reference& target, std::string_view method,
                               std::span<const soap::Argument> arguments, std::chrono::milliseconds deadline,
                               const JobWatch& watch) {
    const auto returned = invoke(target, method, arguments);
    if (!returned) return tl::unexpected(returned.error());
    if (returned->value == returned_done) return JobEnd{{}, "done at once", false, false};
    if (returned->value != returned_job) return tl::unexpected(explain_return(method, returned->value));
    const cim::Reference* job = returned->outputs.reference("Job");
    if (job == nullptr)
        return fail(Code::protocol, fmt::format("{}: the host says that a job runs but not which", method));
    return wait(*job, method, deadline, watch);
}

Result<JobEnd> Client::wait(const cim::Reference& job, std::string_view method, std::chrono::milliseconds deadline,
                            const JobWatch& watch) {
    const auto give_up = pace_.now() + deadline;
    const std::string id = job_id(job);
    int unanswered = 0, percent = -1;
    bool seen = false;  // a job that was never seen may still come
    for (auto pause = first_pause;; pause = next_pause(pause)) {
        const auto instance = get(job);
        if (!instance && instance.error().code == Code::not_found && seen)
            return JobEnd{id, "ended and gone", true, false};
        // A lost connection does not end the job: it is asked again, on a new one.
        if (!instance && (instance.error().code != Code::unreachable || ++unanswered > most_unanswered))
            return fail(Code::unreachable,
                        fmt::format("{}: the host says that the job {} runs, and cannot be asked about it: {}; whether "
                                    "it ran or still runs is unknown",
                                    method, id, instance.error().text));
        seen = seen || instance;
        if (instance) {
            unanswered = 0;
            const auto report = read_job(*instance);
            if (!report) return fail(Code::unreachable, fmt::format("{}: job {}: {}", method, id, report.error().text));
            if (report->percent > percent) {
                percent = report->percent;
                log::info(fmt::format("{}: job {} is {}, {}%", method, id, report->state, percent));
                if (watch) watch(percent);
            }
            if (report->progress == JobProgress::failed)
                return tl::unexpected(explain_failure(fmt::format("{} ({})", method, report->state),
                                                      complaint_of(job, *report), report->error_code));
            if (report->progress == JobProgress::done && report->warned)
                return JobEnd{id, fmt::format("{}: {}", report->state, complaint_of(job, *report)), false, true};
            if (report->progress == JobProgress::done) return JobEnd{id, report->state, false, false};
        } else {
            log::info(fmt::format("job {}: {}; asking again", id, instance.error().text));
        }
        if (pace_.now() + pause > give_up) {
            return fail(Code::unreachable,
                        fmt::format("{}: the job {} did not end in {} s and may still run; read again", method, id,
                                    deadline.count() / 1000));
        }
        pace_.sleep(pause);
    }
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
