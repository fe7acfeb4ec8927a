// sealed-wsman HOST [--tls BINDING] [--ntlm USER] [--times N] < ENVELOPE: posts one WS-Man request as a hardened host
// wants it, and prints the plain reply. Stands in for curl, which can neither seal nor bind a ticket to a channel.
// Without --tls the message is sealed; with it, it goes over HTTPS and BINDING is own, wrong or none. It shares its
// framing with hvhost, so it proves that a sealed request is taken, and not that Windows would take it.
#include <gssapi/gssapi_krb5.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/program_options.hpp>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <stdexcept>

#include "base64.hpp"
#include "gss.hpp"
#include "seal.hpp"

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace po = boost::program_options;
using asio::ip::tcp;
using Response = http::response<http::string_body>;

constexpr OM_uint32 kFlags =
    GSS_C_MUTUAL_FLAG | GSS_C_REPLAY_FLAG | GSS_C_SEQUENCE_FLAG | GSS_C_CONF_FLAG | GSS_C_INTEG_FLAG;
constexpr unsigned kPatienceS = 15;

struct Errand {
    std::string host;
    std::string binding;  // own, wrong or none; empty: no TLS
    std::string user;     // of NTLM; empty: Kerberos by the ticket cache
    unsigned times = 1;
    std::string envelope;
};

[[noreturn]] void stop(const std::string& why) { throw std::runtime_error(why); }

gss_buffer_desc view(const std::string& text) { return {text.size(), const_cast<char*>(text.data())}; }

// The initiator's side; it belongs to this process and ends with it, so nothing is given back.
class Initiator {
public:
    Initiator(const Errand& errand, std::string channel) : channel_(std::move(channel)) {
        const auto service = "HTTP@" + errand.host;
        auto text = view(service);
        OM_uint32 minor = 0;
        gss_import_name(&minor, &text, GSS_C_NT_HOSTBASED_SERVICE, &target_);
        if (errand.user.empty()) return;
        auto user = view(errand.user);
        gss_name_t name = GSS_C_NO_NAME;
        gss_import_name(&minor, &user, GSS_C_NT_USER_NAME, &name);
        mechanism_ = lab::ntlm_mechanism();
        gss_OID_set_desc only = {1, mechanism_};
        const auto major = gss_acquire_cred(&minor, name, 0, &only, GSS_C_INITIATE, &credentials_, nullptr, nullptr);
        if (GSS_ERROR(major) != 0) stop("no credentials of " + errand.user);
    }

    std::string step(const std::string& token) {
        gss_channel_bindings_struct channel{};
        channel.application_data = view(channel_);
        auto input = view(token);
        gss_buffer_desc output = GSS_C_EMPTY_BUFFER;
        OM_uint32 minor = 0;
        const auto major =
            gss_init_sec_context(&minor, credentials_, &context_, target_, mechanism_, kFlags, 0,
                                 channel_.empty() ? GSS_C_NO_CHANNEL_BINDINGS : &channel,
                                 token.empty() ? GSS_C_NO_BUFFER : &input, nullptr, &output, nullptr, nullptr);
        if (GSS_ERROR(major) != 0) stop("no security context, minor code " + std::to_string(minor));
        complete_ = major == GSS_S_COMPLETE;
        return {static_cast<const char*>(output.value), output.length};
    }

    [[nodiscard]] bool complete() const { return complete_; }
    [[nodiscard]] gss_ctx_id_t context() const { return context_; }

private:
    std::string channel_;
    gss_OID_desc spnego_ = {6, const_cast<char*>("\x2b\x06\x01\x05\x05\x02")};
    gss_OID mechanism_ = &spnego_;
    gss_name_t target_ = GSS_C_NO_NAME;
    gss_cred_id_t credentials_ = GSS_C_NO_CREDENTIAL;
    gss_ctx_id_t context_ = GSS_C_NO_CONTEXT;
    bool complete_ = false;
};

template <class Stream>
class Client {
public:
    Client(Stream& stream, std::string host) : stream_(stream), host_(std::move(host)) {}

    Response post(const std::string& authorization, const std::string& type, const std::string& body) {
        http::request<http::string_body> request(http::verb::post, "/wsman", 11);
        request.set(http::field::host, host_);
        request.set(http::field::content_type, type);
        if (!authorization.empty()) request.set(http::field::authorization, authorization);
        request.body() = body;
        request.prepare_payload();
        http::write(stream_, request);
        Response response;
        http::read(stream_, buffer_, response);
        return response;
    }

    void shake_hands(Initiator& initiator) {
        std::string token;
        for (int leg = 0; leg < 4; ++leg) {
            token = initiator.step(token);
            if (initiator.complete() && token.empty()) return;
            const auto response = post("Negotiate " + lab::to_base64(token), "application/soap+xml;charset=UTF-8", {});
            const std::string header(response[http::field::www_authenticate]);
            const bool goes_on = response.result_int() == 401 && header.starts_with("Negotiate ");
            if (response.result_int() != 200 && !goes_on) stop("the handshake was refused");
            if (initiator.complete()) return;
            token = header.starts_with("Negotiate ") ? lab::from_base64(header.substr(10)) : std::string();
        }
        stop("the handshake does not end");
    }

private:
    Stream& stream_;
    std::string host_;
    boost::beast::flat_buffer buffer_;
};

template <class Stream>
void sealed(Client<Stream>& client, Initiator& initiator, const Errand& errand) {
    for (unsigned n = 0; n < errand.times; ++n) {
        const auto message = lab::seal(initiator.context(), "Negotiate", errand.envelope);
        if (!message) stop(message.error());
        const auto reply = client.post({}, message->content_type, message->text);
        const std::string type(reply[http::field::content_type]);
        if (!lab::is_sealed(type)) stop("a reply that is not sealed, HTTP " + std::to_string(reply.result_int()));
        const auto text = lab::unseal(initiator.context(), "Negotiate", {type, reply.body()});
        if (!text) stop("a reply that cannot be unsealed: " + text.error());
        std::cout << *text << std::endl;
    }
}

std::string hash_of(SSL* connection) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
    unsigned length = 0;
    X509* certificate = SSL_get1_peer_certificate(connection);
    X509_digest(certificate, EVP_sha256(), hash.data(), &length);
    X509_free(certificate);
    return {hash.begin(), hash.begin() + length};
}

// The certificate is not checked: what is tried here is the binding.
void over_tls(tcp::socket socket, const Errand& errand) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    asio::ssl::stream<tcp::socket> stream(std::move(socket), context);
    stream.handshake(asio::ssl::stream_base::client);
    std::string channel;
    if (errand.binding == "own") channel = "tls-server-end-point:" + hash_of(stream.native_handle());
    if (errand.binding == "wrong") channel = "tls-server-end-point:" + std::string(32, 'x');
    Initiator initiator(errand, channel);
    Client client(stream, errand.host);
    client.shake_hands(initiator);
    const auto reply = client.post({}, "application/soap+xml;charset=UTF-8", errand.envelope);
    std::cout << reply.body() << std::endl;
}

void run(const Errand& errand) {
    asio::io_context io;
    tcp::socket socket(io);
    asio::connect(socket, tcp::resolver(io).resolve(errand.host, errand.binding.empty() ? "5985" : "5986"));
    if (!errand.binding.empty()) return over_tls(std::move(socket), errand);
    Initiator initiator(errand, {});
    Client client(socket, errand.host);
    client.shake_hands(initiator);
    sealed(client, initiator, errand);
}

Errand read_errand(int argc, char** argv) {
    Errand errand;
    po::options_description options("sealed-wsman HOST < ENVELOPE");
    options.add_options()                                                                          //
        ("host", po::value(&errand.host)->required(), "")                                          //
        ("tls", po::value(&errand.binding), "own, wrong or none")                                  //
        ("ntlm", po::value(&errand.user), "DOMAIN\\\\user, whose password is in $NTLM_USER_FILE")  //
        ("times", po::value(&errand.times), "how often, on one connection");
    po::positional_options_description first;
    first.add("host", 1);
    po::variables_map values;
    po::store(po::command_line_parser(argc, argv).options(options).positional(first).run(), values);
    po::notify(values);
    errand.envelope = {std::istreambuf_iterator<char>(std::cin), {}};
    return errand;
}

}  // namespace

int main(int argc, char** argv) {
    ::alarm(kPatienceS);
    try {
        run(read_errand(argc, argv));
        return 0;
    } catch (const std::exception& failure) {
        std::cerr << "sealed-wsman: " << failure.what() << std::endl;
        return 1;
    }
}
