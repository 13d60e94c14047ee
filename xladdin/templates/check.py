def faults_in(template): return []
