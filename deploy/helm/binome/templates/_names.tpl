{{/* Names, labels and settings that several objects share. */}}

{{- define "binome.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "binome.labels" -}}
app.kubernetes.io/name: binome
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{/* What a selector may hold: it can never change. */}}
{{- define "binome.selector" -}}
app.kubernetes.io/name: binome
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "binome.tag" -}}
{{- .Values.image.tag | default .Chart.AppVersion -}}
{{- end -}}

{{- define "binome.buildId" -}}
{{- .Values.worker.buildId | default (include "binome.tag" .) -}}
{{- end -}}

{{/* A build id may have capitals, points and plus signs, a name of Kubernetes may not; the digest keeps two apart. */}}
{{- define "binome.buildName" -}}
{{- printf "%s-%s" (regexReplaceAll "[^a-z0-9]+" (lower .) "-" | trunc 40 | trimAll "-") (sha256sum . | trunc 6) -}}
{{- end -}}

{{- define "binome.podSecurity" -}}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.image.pullSecrets }}
imagePullSecrets:
{{- range . }}
  - name: {{ . }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "binome.containerSecurity" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end -}}

{{/* .root, .account: a key of `database`. The password is the Secret's binome_ACCOUNT_password. */}}
{{- define "binome.databaseSettings" -}}
- name: BINOME_DATABASE_URL
  value: {{ with .root.Values.database -}}
    {{ printf "postgresql://%s@%s:%d/%s" (get . $.account) .host (int .port) .name }}
    {{- if .caSecretName }}?sslmode=verify-full&sslrootcert=/run/database-ca/ca.crt
    {{- else if .query }}?{{ .query }}{{ end }}
  {{- end }}
- name: BINOME_DATABASE_PASSWORD_FILE
  value: /run/secrets/binome_{{ .account }}_password
- name: BINOME_SECRET_FILE
  value: /run/secrets/binome_secret
{{- end -}}

{{- define "binome.temporalSettings" -}}
- name: TEMPORAL_ADDRESS
  value: {{ .Values.temporal.address | quote }}
- name: TEMPORAL_NAMESPACE
  value: {{ .Values.temporal.namespace | quote }}
{{- if .Values.temporal.apiKey }}
- name: TEMPORAL_API_KEY
  valueFrom:
    secretKeyRef: {name: {{ .Values.secretName }}, key: temporal_api_key}
{{- end }}
{{- if or .Values.temporal.tls.enabled .Values.temporal.apiKey }}
- name: TEMPORAL_TLS
  value: "true"
{{- with .Values.temporal.tls.serverName }}
- name: TEMPORAL_TLS_SERVER_NAME
  value: {{ . | quote }}
{{- end }}
{{- if .Values.temporal.tls.secretName }}
- name: TEMPORAL_TLS_SERVER_CA_CERT_PATH
  value: /run/temporal-tls/ca.crt
{{- if .Values.temporal.tls.mutual }}
- name: TEMPORAL_TLS_CLIENT_CERT_PATH
  value: /run/temporal-tls/tls.crt
- name: TEMPORAL_TLS_CLIENT_KEY_PATH
  value: /run/temporal-tls/tls.key
{{- end }}
{{- end }}
{{- end }}
{{- end -}}

{{/* What worker and gateway share. */}}
{{- define "binome.settings" -}}
- name: BINOME_OLDER_SECRETS_FILE
  value: /run/secrets/older_secrets
- name: BINOME_PAYLOAD_KEYS_FILE
  value: /run/secrets/payload_keys
- name: BINOME_OIDC_CLIENT_SECRET_FILE
  value: /run/secrets/oidc_client_secret
- name: BINOME_PUBLIC_URL
  value: {{ .Values.publicUrl | quote }}
- name: BINOME_CONSOLE_URL
  value: {{ .Values.consoleUrl | quote }}
- name: BINOME_CONSOLE_PORT
  value: "8081"
{{- with .Values.temporal.uiUrl }}
- name: BINOME_UI_URL
  value: {{ . | quote }}
{{- end }}
- name: BINOME_SMTP_HOST
  value: {{ .Values.mail.host | quote }}
- name: BINOME_SMTP_PORT
  value: {{ .Values.mail.port | quote }}
- name: BINOME_SMTP_STARTTLS
  value: {{ .Values.mail.startTls | quote }}
- name: BINOME_MAIL_FROM
  value: {{ .Values.mail.from | quote }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
{{ include "binome.temporalSettings" . }}
{{- end -}}

{{- define "binome.mounts" -}}
volumeMounts:
  - {name: secrets, mountPath: /run/secrets, readOnly: true}
  - {name: tmp, mountPath: /tmp}
{{- if .Values.database.caSecretName }}
  - {name: database-ca, mountPath: /run/database-ca, readOnly: true}
{{- end }}
{{- if .Values.temporal.tls.secretName }}
  - {name: temporal-tls, mountPath: /run/temporal-tls, readOnly: true}
{{- end }}
{{- end -}}

{{/* .root, .keys: those of the Secret that this part reads. */}}
{{- define "binome.volumes" -}}
volumes:
  - name: secrets
    secret:
      secretName: {{ .root.Values.secretName }}
      items:
{{- range .keys }}
        - {key: {{ . }}, path: {{ . }}}
{{- end }}
  - name: tmp
    emptyDir: {medium: Memory, sizeLimit: 64Mi}
{{- if .root.Values.database.caSecretName }}
  - name: database-ca
    secret:
      secretName: {{ .root.Values.database.caSecretName }}
{{- end }}
{{- if .root.Values.temporal.tls.secretName }}
  - name: temporal-tls
    secret:
      secretName: {{ .root.Values.temporal.tls.secretName }}
{{- end }}
{{- end -}}

{{/* A job that runs one command at a moment of a release: .root, .name, .command, .hook, .account, .seconds, .temporal. */}}
{{- define "binome.job" -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ include "binome.name" .root }}-{{ .name }}
  labels: {{- include "binome.labels" .root | nindent 4 }}
    app.kubernetes.io/component: {{ .name }}
  annotations:
    helm.sh/hook: {{ .hook }}
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  backoffLimit: 3
  activeDeadlineSeconds: {{ .seconds }}
  template:
    metadata:
      labels: {{- include "binome.selector" (dict "root" .root "component" .name) | nindent 8 }}
    spec:
      restartPolicy: Never
      {{- include "binome.podSecurity" .root | nindent 6 }}
      containers:
        - name: {{ .name }}
          image: "{{ .root.Values.image.repository }}:{{ include "binome.tag" .root }}"
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          args: {{ .command | toJson }}
          {{- include "binome.containerSecurity" .root | nindent 10 }}
          env:
            {{- include "binome.databaseSettings" (dict "root" .root "account" .account) | nindent 12 }}
            {{- if .temporal }}
            {{- include "binome.temporalSettings" .root | nindent 12 }}
            - name: BINOME_DEPLOYMENT_NAME
              value: {{ .root.Values.worker.deploymentName | quote }}
            - name: BINOME_BUILD_ID
              value: {{ include "binome.buildId" .root | quote }}
            {{- end }}
          resources:
            requests: {cpu: 100m, memory: 200Mi}
            limits: {memory: 1Gi}
          {{- include "binome.mounts" .root | nindent 10 }}
      {{- include "binome.volumes" (dict "root" .root "keys" (list (printf "binome_%s_password" .account) "binome_secret")) | nindent 6 }}
{{- end -}}
