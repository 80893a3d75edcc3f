import torch
import torch.nn.functional as F

n = 32
width = 10
letters = 27
X = torch.randn((n, width))
W = torch.randn((width, letters)) * 0.1
b = torch.randn(letters)
Y = torch.randint(0, letters, (n,))

scores = X @ W + b
largest = scores.max(1, keepdim=True).values
shifted = scores - largest
counts = shifted.exp()
total = counts.sum(1, keepdim=True)
P = counts / total
loss = -P.log()[range(n), Y].mean()

dshifted = (P - F.one_hot(Y, letters)) / n
dlargest = (-dshifted).sum(1, keepdim=True)
dscores = dshifted.clone()
dscores += F.one_hot(scores.max(1).indices, num_classes=scores.shape[1]) * dlargest
dW = X.T @ dscores
db = dscores.sum(0)
