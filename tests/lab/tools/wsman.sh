# WS-Man by hand, with curl: enough to look at a host and to change it without any code of the project's own.
# Sourced by raw-wsman and selftest, inside the lab. Authenticates as whoever the ticket cache says.

readonly WMI=http://schemas.microsoft.com/wbem/wsman/1/wmi
readonly XFER=http://schemas.xmlsoap.org/ws/2004/09/transfer
readonly ENUM=http://schemas.xmlsoap.org/ws/2004/09/enumeration
readonly VIRT=root/virtualization/v2
readonly HANGS_S=300  # a call that takes longer; a guard, for a machine that is busy may be slow

# post HOST < ENVELOPE: the reply's body; curl's own complaints go to stderr. CURL_AUTH may say otherwise.
# Over HTTPS, because hosts take no plain text and curl cannot seal.
post() {
    curl --silent --show-error --max-time "$HANGS_S" --cacert "$LAB_CA" ${CURL_AUTH:---negotiate -u :} \
        -H 'Content-Type: application/soap+xml;charset=UTF-8' --data-binary @- "https://$1:$LAB_TLS_PORT/wsman"
}

# envelope ACTION RESOURCE_URI SELECTORS BODY [HEADERS]
envelope() {
    cat <<XML
<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing" xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:n="$ENUM" xmlns:p="http://schemas.microsoft.com/wbem/wsman/1/wsman.xsd"><s:Header><a:To>http://lab/wsman</a:To><w:ResourceURI s:mustUnderstand="true">$2</w:ResourceURI><a:ReplyTo><a:Address s:mustUnderstand="true">http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address></a:ReplyTo><a:Action s:mustUnderstand="true">$1</a:Action><w:MaxEnvelopeSize s:mustUnderstand="true">${MAX_ENVELOPE:-512000}</w:MaxEnvelopeSize><a:MessageID>uuid:$(</proc/sys/kernel/random/uuid)</a:MessageID><w:Locale xml:lang="en-US" s:mustUnderstand="false"/><w:OperationTimeout>PT60S</w:OperationTimeout>$3${5-}</s:Header><s:Body>$4</s:Body></s:Envelope>
XML
}

# selectors NAME VALUE [NAME VALUE]...
selectors() {
    printf '<w:SelectorSet>'
    while (($# > 1)); do
        printf '<w:Selector Name="%s">%s</w:Selector>' "$1" "$2"
        shift 2
    done
    printf '</w:SelectorSet>'
}

# enumerate HOST NAMESPACE CLASS [BODY-OF-n:Enumerate]
enumerate() {
    local optimized='<w:OptimizeEnumeration/><w:MaxElements>1000</w:MaxElements>'
    envelope "$ENUM/Enumerate" "$WMI/$2/$3" '' "<n:Enumerate>${4-$optimized}</n:Enumerate>" | post "$1"
}

# get HOST NAMESPACE CLASS [NAME VALUE]...
get() {
    local host=$1 resource=$WMI/$2/$3
    shift 3
    envelope "$XFER/Get" "$resource" "$(selectors "$@")" '' | post "$host"
}

# invoke HOST CLASS METHOD SELECTORS PARAMETERS (elements with the prefix m:)
invoke() {
    local resource=$WMI/$VIRT/$2
    envelope "$resource/$3" "$resource" "$4" "<m:$3_INPUT xmlns:m=\"$resource\">$5</m:$3_INPUT>" | post "$1"
}

# call_service HOST METHOD PARAMETERS: a method of the host's one migration service.
call_service() {
    invoke "$1" Msvm_VirtualSystemMigrationService "$2" \
        "$(selectors SystemCreationClassName Msvm_ComputerSystem SystemName "${1%%.*}" \
            CreationClassName Msvm_VirtualSystemMigrationService Name migrationwmi)" "$3"
}

# embedded CLASS [NAME TYPE VALUE]...: CIM-XML text, escaped for the envelope.
embedded() {
    printf '&lt;INSTANCE CLASSNAME="%s"&gt;' "$1"
    shift
    while (($# > 2)); do
        printf '&lt;PROPERTY NAME="%s" TYPE="%s"&gt;&lt;VALUE&gt;%s&lt;/VALUE&gt;&lt;/PROPERTY&gt;' "$1" "$2" "$3"
        shift 3
    done
    printf '&lt;/INSTANCE&gt;'
}

# reference NAMESPACE CLASS NAME VALUE: the content of a REF parameter.
reference() {
    printf '<a:Address>http://schemas.xmlsoap.org/ws/2004/08/addressing/role/anonymous</a:Address><a:ReferenceParameters><w:ResourceURI>%s</w:ResourceURI>' "$WMI/$1/$2"
    selectors "$3" "$4"
    printf '</a:ReferenceParameters>'
}

# element NAME < REPLY: the text of the first element of that local name.
element() {
    sed -n "s/.*<\([a-z0-9]*:\)\{0,1\}$1\( [^>]*\)\{0,1\}>\([^<]*\)<.*/\3/p" | head -n 1
}

# job_id < REPLY: the InstanceID of the job that a method's reply refers to.
job_id() {
    sed -n 's/.*<p:Job>.*Name="InstanceID">\([^<]*\)<.*/\1/p'
}

# await_job HOST CLASS ID: the last reply about it, once it has ended.
await_job() {
    local reply deadline=$((SECONDS + HANGS_S))
    while ((SECONDS < deadline)); do
        reply=$(get "$1" "$VIRT" "$2" InstanceID "$3")
        (($(element JobState <<<"$reply") >= 7)) && break
        sleep 0.1
    done
    printf '%s\n' "$reply"
}
