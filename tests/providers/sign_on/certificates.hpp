// Authorities and certificates as a test needs them, made in memory; and a peer at the other end of a pair of sockets
// that shows one. By OpenSSL, without a line of ours.
#pragma once

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace fairway::test {

// Whoever writes to a peer that is gone gets an error instead of the end of the program.
class NoPipeSignal {
public:
    NoPipeSignal() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
    ~NoPipeSignal() { std::signal(SIGPIPE, before_); }
    NoPipeSignal(const NoPipeSignal&) = delete;
    NoPipeSignal& operator=(const NoPipeSignal&) = delete;

private:
    void (*before_)(int);
};

inline void must(bool done) {
    if (!done) throw std::runtime_error("OpenSSL could not make what a test needs");
}

struct Certificate {
    std::shared_ptr<X509> x509;
    std::shared_ptr<EVP_PKEY> key;
};

struct Form {
    std::string subject;     // common name
    std::string names = {};  // "DNS:dc01.corp.example,IP:127.0.0.1"; empty: no extension
    bool authority = false;
    long from_s = -3600, to_s = 86400;  // from now
    const EVP_MD* digest = EVP_sha256();
};

inline void extend(X509* certificate, int kind, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), X509_EXTENSION_free);
    must(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

// Signed by `by`, or by itself.
inline Certificate certificate(const Form& form, const Certificate* by = nullptr) {
    Certificate out{{X509_new(), X509_free}, {EVP_EC_gen("P-256"), EVP_PKEY_free}};
    X509* made = out.x509.get();
    static long serial = 0;
    must(made && out.key && X509_set_version(made, X509_VERSION_3) == 1 &&
         ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial) == 1 && X509_set_pubkey(made, out.key.get()) == 1);
    must(X509_gmtime_adj(X509_getm_notBefore(made), form.from_s) &&
         X509_gmtime_adj(X509_getm_notAfter(made), form.to_s));
    must(X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(form.subject.data()),
                                    static_cast<int>(form.subject.size()), -1, 0) == 1);
    must(X509_set_issuer_name(made, X509_get_subject_name(by ? by->x509.get() : made)) == 1);
    if (form.authority) extend(made, NID_basic_constraints, "critical,CA:TRUE");
    if (!form.names.empty()) extend(made, NID_subject_alt_name, form.names);
    must(X509_sign(made, (by ? by->key : out.key).get(), form.digest) > 0);
    return out;
}

// Authorities in a file, as an inventory's `ca` names it; gone with the object.
class CaFile {
public:
    explicit CaFile(const std::vector<Certificate>& authorities) {
        static int count = 0;
        path_ = std::filesystem::temp_directory_path() /
                ("fairway-ca-" + std::to_string(::getpid()) + "-" + std::to_string(++count) + ".pem");
        BIO* memory = BIO_new(BIO_s_mem());
        for (const Certificate& one : authorities) must(PEM_write_bio_X509(memory, one.x509.get()) == 1);
        char* text = nullptr;
        const long size = BIO_get_mem_data(memory, &text);
        std::ofstream(path_, std::ios::binary).write(text, size);
        BIO_free(memory);
    }
    ~CaFile() { std::filesystem::remove(path_); }
    CaFile(const CaFile&) = delete;
    CaFile& operator=(const CaFile&) = delete;
    std::string path() const { return path_; }

private:
    std::filesystem::path path_;
};

// As a server, with a certificate and those that vouch for it: does the other side take the handshake, or say anything
// after it?
inline bool is_taken(int socket, const Certificate& own, const std::vector<Certificate>& others, int version) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> settings(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    SSL_CTX_set_max_proto_version(settings.get(), version);
    SSL_CTX_use_certificate(settings.get(), own.x509.get());
    SSL_CTX_use_PrivateKey(settings.get(), own.key.get());
    for (const Certificate& one : others) SSL_CTX_add1_chain_cert(settings.get(), one.x509.get());
    const std::unique_ptr<SSL, decltype(&SSL_free)> talk(SSL_new(settings.get()), SSL_free);
    SSL_set_fd(talk.get(), socket);
    char byte = 0;
    const bool taken = SSL_accept(talk.get()) == 1 || SSL_read(talk.get(), &byte, 1) > 0;
    ERR_clear_error();
    return taken;
}

// That server at the other end of a pair of sockets.
class Peer {
public:
    Peer(Certificate own, std::vector<Certificate> others, int version = TLS1_3_VERSION) {
        must(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends_) == 0);
        thread_ = std::thread([this, own = std::move(own), others = std::move(others), version] {
            taken_ = is_taken(ends_[1], own, others, version);
        });
    }
    ~Peer() {
        hang_up();
        ::close(ends_[0]);
        ::close(ends_[1]);
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    int socket() const { return ends_[0]; }
    // To be asked last.
    bool was_taken() {
        hang_up();
        return taken_;
    }

private:
    void hang_up() {
        ::shutdown(ends_[0], SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
    }
    NoPipeSignal quiet_;
    int ends_[2] = {-1, -1};
    std::thread thread_;
    bool taken_ = false;
};

}  // namespace fairway::test
