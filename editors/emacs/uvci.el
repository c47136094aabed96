;;; uvci.el --- uv in GitLab CI/CD pipelines  -*- lexical-binding: t -*-

;; Version: 0.1.0
;; Package-Requires: ((emacs "28.1"))
;; Keywords: languages, tools
;; SPDX-License-Identifier: MIT

;;; Commentary:

;; A major mode for GitLab CI/CD pipelines, and the language server uvci for
;; it, in eglot and in lsp-mode.  Other YAML keeps its mode and its server.

;;; Code:

(defgroup uvci nil
  "uv in GitLab CI/CD pipelines."
  :group 'tools)

(defcustom uvci-command '("uvci" "server")
  "The command line of the language server."
  :type '(repeat string))

(defconst uvci-file-regexp
  (rx (or (seq (* nonl) ".gitlab-ci.y" (? "a") "ml")
          (seq "/.gitlab/" (+ nonl) ".y" (? "a") "ml"))
      string-end)
  "What the names of pipelines match.")

(defalias 'uvci--yaml-mode
  (cond ((and (fboundp 'treesit-ready-p) (treesit-ready-p 'yaml t)) #'yaml-ts-mode)
        ((locate-library "yaml-mode") #'yaml-mode)
        (t #'text-mode))
  "The mode for YAML that this Emacs has.")

;;;###autoload
(define-derived-mode uvci-mode uvci--yaml-mode "Pipeline"
  "Major mode for GitLab CI/CD pipelines."
  (setq-local comment-start "# ")
  (setq-local indent-tabs-mode nil))

;;;###autoload
(add-to-list 'auto-mode-alist (cons uvci-file-regexp 'uvci-mode))

(defun uvci--eglot-contact (&rest _)
  "The command line for eglot."
  uvci-command)

(with-eval-after-load 'eglot
  (defvar eglot-server-programs)
  (add-to-list 'eglot-server-programs
               '((uvci-mode :language-id "yaml") . uvci--eglot-contact)))

(with-eval-after-load 'lsp-mode
  (declare-function lsp-register-client "lsp-mode")
  (declare-function make-lsp-client "lsp-mode")
  (declare-function lsp-stdio-connection "lsp-mode")
  (lsp-register-client
   (make-lsp-client
    :new-connection (lsp-stdio-connection (lambda () uvci-command))
    :activation-fn (lambda (file mode)
                     (or (eq mode 'uvci-mode) (string-match-p uvci-file-regexp file)))
    :language-id "yaml"
    :add-on? t
    :server-id 'uvci)))

(provide 'uvci)
;;; uvci.el ends here
